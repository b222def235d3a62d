"""docs/features.md says what the code declares."""

from duebill.domain.features import Feature
from scripts import features


def test_the_page_of_features_is_what_the_providers_declare() -> None:
    assert features.FILE.read_text() == features.document(), "run: python -m scripts.features"


def test_every_feature_is_explained() -> None:
    assert all(f"`{feature.value}`" in features.document() for feature in Feature)
