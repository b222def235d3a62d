"""What holds for every test: no test depends on the clock's speed, and a failure can be had again."""

from hypothesis import settings

settings.register_profile("duebill", deadline=None, derandomize=True)
settings.load_profile("duebill")
