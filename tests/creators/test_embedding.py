"""Texts as vectors: the real model, built once into the checkout's data folder, and the letters that stand in."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from creators import embedding
from creators.embedding.builder import build_here
from creators.embedding.encoder import Embedder
from creators.embedding.vectors import SIZE

ROOT = Path(__file__).resolve().parents[2]
BAKERY = "A family bakery: sourdough, rye loaves and cinnamon rolls from a stone oven"
BREAD = "Baked my first rye bread this morning, the crust sings and the starter is happy"
FOOTBALL = "New boots for the derby tonight, the midfield looks strong and the keeper is back"


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """Kept between runs: the file's name carries its version."""
    folder = ROOT / ".data" / "tests"
    embedding.build(folder)
    return folder


@pytest.fixture(scope="session")
def embedder(data_dir: Path) -> Embedder:
    return Embedder(data_dir, threads=1)


def test_the_model_tells_nobody_that_it_runs(tmp_path: Path) -> None:
    """onnxruntime begins its reports with a file in the temporary folder."""
    code = "import creators.embedding.encoder"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, env={"TMPDIR": str(tmp_path)}, check=True)

    assert list(tmp_path.iterdir()) == []


def test_texts_of_one_meaning_are_nearer_than_texts_of_two(embedder: Embedder) -> None:
    bakery, bread, football = embedder.encode([BAKERY, BREAD, FOOTBALL])

    assert bakery @ bread > 0.35
    assert bakery @ bread > bakery @ football + 0.25


def test_the_written_graph_is_the_published_model(embedder: Embedder) -> None:
    weather = ["The weather is lovely today.", "It's so sunny outside!", "He drove to the stadium."]
    published = [0.6660, 0.1046, 0.1411]  # sbert.net, quick start, all-MiniLM-L6-v2.

    sunny, lovely, drove = embedder.encode(weather)

    assert [sunny @ lovely, sunny @ drove, lovely @ drove] == pytest.approx(published, abs=0.03)


def test_vectors_have_length_one_and_a_silent_text_has_none(embedder: Embedder) -> None:
    vectors = embedder.encode([BAKERY, "", " \n", "🌿🌿", "x", "\0", "\ud800 bread", "bread " * 20_000])

    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1).round(4).tolist() == [1, 0, 0, 0, 1, 0, 1, 1]


def test_the_order_of_texts_is_kept_over_batches(embedder: Embedder) -> None:
    texts = [f"{BREAD} {'and butter ' * (number % 7)}number {number}" for number in range(40)]

    together = embedder.encode(texts)
    alone = np.vstack([embedder.encode([text]) for text in texts])

    assert (together * alone).sum(axis=1).min() > 0.97


def test_the_model_in_its_own_process_says_the_same(data_dir: Path, embedder: Embedder) -> None:
    apart = embedding.encode([BAKERY, "", FOOTBALL], data_dir=data_dir)

    assert np.array_equal(apart, embedder.encode([BAKERY, "", FOOTBALL]))
    assert embedding.encode([], data_dir=data_dir).shape == (0, embedding.DIMENSIONS)


def test_until_the_model_is_built_letters_stand_in(tmp_path: Path) -> None:
    model = embedding.current(tmp_path)

    bakery, bakeries, football = embedding.encode(
        [BAKERY, "#ryebread #sourdoughbakery", FOOTBALL], data_dir=tmp_path, model=model
    )

    assert not embedding.ready(tmp_path)
    assert model == embedding.LEXICAL
    assert bakery @ bakeries > bakery @ football + 0.1
    assert np.linalg.norm(bakery) == pytest.approx(1)


def test_a_missing_model_is_named_and_not_built_in_passing(tmp_path: Path) -> None:
    with pytest.raises(embedding.ModelMissingError, match="build it first"):
        embedding.encode([BAKERY], data_dir=tmp_path)

    assert list(tmp_path.iterdir()) == []


def test_a_broken_model_file_is_an_error_of_ours_and_is_built_anew(tmp_path: Path) -> None:
    embedding.model_path(tmp_path).parent.mkdir()
    embedding.model_path(tmp_path).write_bytes(b"not a graph")

    with pytest.raises(embedding.EmbeddingError):
        embedding.encode([BAKERY], data_dir=tmp_path)

    assert not embedding.ready(tmp_path)
    embedding.build(tmp_path)
    assert embedding.encode([BAKERY], data_dir=tmp_path).any()


def test_two_builders_at_once_leave_one_whole_file(tmp_path: Path) -> None:
    with ThreadPoolExecutor(2) as pool:
        paths = list(pool.map(build_here, [tmp_path, tmp_path]))

    assert paths[0] == paths[1] == embedding.model_path(tmp_path)
    assert sorted(path.name for path in (tmp_path / "models").iterdir()) == [".building.lock", paths[0].name]
    assert 20e6 < paths[0].stat().st_size < 25e6


def test_importing_the_package_does_not_load_the_runtime() -> None:
    script = "import sys, creators.embedding; print([m for m in ('onnxruntime', 'onnx', 'django') if m in sys.modules])"

    said = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)

    assert said.stdout.strip() == "[]"


def test_a_vector_survives_the_database() -> None:
    vector = np.linspace(-0.2, 0.2, embedding.DIMENSIONS).astype(np.float32)

    row = embedding.pack(vector)
    matrix = embedding.unpack([row, None, memoryview(row), b"short"])

    assert len(row) == SIZE == 768
    assert matrix.dtype == np.float32
    assert np.abs(matrix[0] - vector).max() < 1e-3
    assert np.array_equal(matrix[2], matrix[0])
    assert not matrix[[1, 3]].any()


def test_a_vector_of_another_size_is_refused() -> None:
    with pytest.raises(ValueError, match="384"):
        embedding.pack(np.zeros(256, dtype=np.float32))


def test_a_creators_vector_is_the_mean_direction_of_their_posts() -> None:
    posts = np.eye(3, dtype=np.float32)

    means = embedding.mean_by_owner(posts, np.array([0, 0, 2]), 3)

    assert means[0] == pytest.approx([0.7071, 0.7071, 0], abs=1e-4)
    assert not means[1].any()
    assert means[2] == pytest.approx([0, 0, 1])
