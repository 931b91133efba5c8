"""`python -m campaigns.matching.planning SECONDS MEGABYTES`: a parcel in, the exact answer out. No Django here."""

import json
import resource
import sys
from dataclasses import asdict

from campaigns.matching.planning.exact import solve
from campaigns.matching.planning.parcel import unpack


def main(seconds: str, megabytes: str) -> None:
    """Solve within these limits and end, giving all memory back."""
    most = int(megabytes) * 2**20
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    candidates, limits = unpack(sys.stdin.buffer.read())
    json.dump(asdict(solve(candidates, limits, seconds=float(seconds))), sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
