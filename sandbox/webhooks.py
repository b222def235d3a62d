"""The way of webhooks from the simulators to our gateway: now and then they come twice, in another order, or never."""

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from sandbox.outside import Outside
from sandbox.wire import Request, Response, Simulator

_TRIES = 4


@dataclass(frozen=True, slots=True)
class Post:
    """One webhook on its way: where to, and what."""

    path: str
    body: bytes
    headers: dict[str, str]


@dataclass
class Weather:
    """What becomes of webhooks: the share that is lost, that comes twice; whether their order holds."""

    lost: float = 0.0
    twice: float = 0.0
    shuffled: bool = False
    chance: random.Random = field(default_factory=lambda: random.Random(1))


class Mail:
    """Takes what the simulators tell and brings it to the gateway. What is not taken is brought again, then dropped."""

    def __init__(self, outside: Outside, gateway: Simulator, weather: Weather | None = None) -> None:
        self._outside = outside
        self._gateway = gateway
        self.weather = weather or Weather()
        self.refused: list[tuple[Post, int]] = []

    def due(self) -> list[Post]:
        """What the simulators tell now; told once, it is not told again."""
        outside = self._outside
        told: Iterable[tuple[str, Callable[[], list[tuple[bytes, dict[str, str]]]]]] = (
            ("/webhooks/quickbooks", outside.quickbooks.webhooks),
            ("/webhooks/xero", outside.xero.webhooks),
        )
        books = [Post(path, body, headers) for path, posts in told for body, headers in posts()]
        crm = [Post(urlsplit(url).path, body, headers) for url, body, headers in outside.pipedrive.webhooks()]
        return books + crm

    def deliver(self) -> int:
        """Bring what is due, as the weather lets it; how many posts were taken."""
        return self.bring(self.due())

    def bring(self, posts: list[Post]) -> int:
        """Bring these posts; how many were taken."""
        weather, on_the_way = self.weather, []
        for post in posts:
            if weather.chance.random() < weather.lost:
                continue
            on_the_way += [post] * (2 if weather.chance.random() < weather.twice else 1)
        if weather.shuffled:
            weather.chance.shuffle(on_the_way)
        return sum(self._bring(post) for post in on_the_way)

    def _bring(self, post: Post) -> bool:
        status = 0
        for _ in range(_TRIES):
            answer: Response = self._gateway(Request("POST", post.path, {}, headers=post.headers, body=post.body))
            status = answer.status
            if status == 200:
                return True
        self.refused.append((post, status))
        return False
