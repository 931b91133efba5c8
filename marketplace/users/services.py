"""What people may change about themselves."""

from zoneinfo import available_timezones

from marketplace.kit.errors import Invalid
from marketplace.kit.texts import holds_address, one_line
from marketplace.users.models import User

NAME_MAX = 80


def edit_person(user: User, *, name: str, time_zone: str, wants_finds: bool = True) -> User:
    """Somebody changes the name others see, where their clock stands, or what they want to hear.

    What is signed keeps the name it was signed with. Raises Invalid for an empty or long name and for
    a zone that is none.
    """
    problems: dict[str, list[str]] = {}
    name = one_line(name)
    if not 0 < len(name) <= NAME_MAX:
        problems["name"] = [f"Please write a name of at most {NAME_MAX} letters."]
    elif holds_address(name):
        problems["name"] = ["A name is not an address."]
    if time_zone not in available_timezones():
        problems["time_zone"] = ["Please choose a time zone from the list."]
    if problems:
        raise Invalid("person_invalid", "Please check what you entered.", fields=problems)
    user.name, user.time_zone, user.wants_finds = name, time_zone, wants_finds
    user.save(update_fields=["name", "time_zone", "wants_finds", "updated_at"])
    return user
