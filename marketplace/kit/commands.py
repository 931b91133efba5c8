"""How a command of ours ends badly: one sentence, as JSON where that was asked for, and exit code 2."""

import json
import sys
from typing import NoReturn

from django.core.management.base import BaseCommand


def fail(command: BaseCommand, message: str, *, as_json: bool) -> NoReturn:
    """Say what is wrong and end the process with 2."""
    if as_json:
        command.stdout.write(json.dumps({"error": message}))
    else:
        command.stderr.write(message)
    sys.exit(2)
