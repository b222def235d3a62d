"""What is said to a person: a stable code and what a translation needs, beside the English words."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Sentence:
    """`code` is stable, `message` is English, `values` are what the words of another language are filled with."""

    code: str
    message: str
    values: dict[str, str] = field(default_factory=dict)
