"""Who these tests are about: Mina, who bakes on camera, somebody else, and the admin."""

import pytest

from creators.models import Creator, Niche, Town
from marketplace.users.models import User
from tests.creators.pool import fill


@pytest.fixture
def mina(db: None) -> User:
    return User.objects.create_user("mina@example.org", None, name="Mina Park")


@pytest.fixture
def omar(db: None) -> User:
    return User.objects.create_user("omar@example.org", None, name="Omar Diaz")


@pytest.fixture
def admin(db: None) -> User:
    return User.objects.create_superuser("ada@example.org", None, name="Ada Min")


@pytest.fixture
def niches(db: None) -> dict[str, Niche]:
    """Food with baking below it, and pets."""
    food = Niche.objects.create(slug="food-drink", name="Food & drink")
    baking = Niche.objects.create(slug="baking", name="Baking", parent=food)
    return {"food-drink": food, "baking": baking, "pets": Niche.objects.create(slug="pets", name="Pets")}


@pytest.fixture
def ulm(db: None) -> Town:
    return Town.objects.create(name="Ulm", region="BW", country="DE", latitude=48.4, longitude=9.99)


@pytest.fixture
def profile(mina: User) -> Creator:
    """Mina's draft, with nothing in it yet."""
    return Creator.objects.create(user=mina, handle="mina", display_name="Mina")


@pytest.fixture
def whole(profile: Creator, niches: dict[str, Niche], ulm: Town) -> Creator:
    """Mina's draft with everything that a review needs."""
    fill(profile, niches["baking"], ulm)
    return profile
