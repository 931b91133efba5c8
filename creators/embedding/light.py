"""The light model: each token has a vector, and a text is their mean. For large pools and small machines.

WordLlama's 256 numbers for each of Llama 2's 32,000 tokens (package `wordllama`, MIT; the vectors derive from Llama's,
so it is not the default and is installed by whoever wants it). Its own loader looks for a hub: the two files are read
here. Vectors are filled up with zeros to the width of the others, which changes no cosine. It runs apart.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from safetensors import safe_open
from tokenizers import Tokenizer

from creators.embedding.artefact import DIMENSIONS, WEIGHTS, WORDS, ModelMissingError, light_folder

TABLE = "embedding.weight"
TOKENS, CHARACTERS = 512, 4_000


def light(texts: Sequence[str]) -> NDArray[np.float32]:
    """One unit vector of 384 numbers for each text, in the order given; zeros for a text that says nothing."""
    tokenizer, table = _loaded()
    found = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
    for row, text in enumerate(texts):
        said = text[:CHARACTERS].replace("\0", " ").encode(errors="replace").decode()
        if not any(map(str.isalnum, said)):
            continue
        mean = table[tokenizer.encode(said, add_special_tokens=False).ids[:TOKENS]].mean(axis=0, dtype=np.float32)
        length = float(np.linalg.norm(mean))
        if length:
            found[row, : len(mean)] = mean / length
    return found


def _loaded() -> tuple[Tokenizer, NDArray[np.float16]]:
    folder = light_folder()
    if folder is None:
        raise ModelMissingError("The light model is not installed.")
    with safe_open(str(folder / WEIGHTS), framework="np") as file:
        table: NDArray[np.float16] = file.get_tensor(TABLE)
    return Tokenizer.from_file(str(folder / WORDS)), table
