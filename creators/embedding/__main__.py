"""`python -m creators.embedding build|encode|light FOLDER THREADS`: JSON texts in, raw vectors out. No Django here."""

import json
import os
import sys

from creators.embedding.artefact import model_path
from creators.embedding.builder import build_here
from creators.embedding.encoder import Embedder
from creators.embedding.light import light

A_FEW = 16


def main(verb: str, data_dir: str, threads: str) -> None:
    """Do the one thing asked and end, giving all memory back."""
    if verb == "build":
        build_here(data_dir)
        return
    texts: list[str] = json.load(sys.stdin.buffer)
    if len(texts) > A_FEW:
        os.nice(10)  # Somebody may be waiting for a page, or for one brief.
    found = light(texts) if verb == "light" else _load(data_dir, int(threads)).encode(texts)
    sys.stdout.buffer.write(found.tobytes())


def _load(data_dir: str, threads: int) -> Embedder:
    """A file that cannot be loaded is removed, so that the next look finds it missing and builds it anew."""
    try:
        return Embedder(data_dir, threads=threads)
    except Exception:
        model_path(data_dir).unlink(missing_ok=True)
        raise


if __name__ == "__main__":
    main(*sys.argv[1:])
