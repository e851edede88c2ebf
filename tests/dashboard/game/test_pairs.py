"""The two versions of a picture: the same lightness, the same processing, and files that reveal nothing."""

from __future__ import annotations

import io

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from skimage.color import rgb2lab

from colorizer import Colorizer, InvalidImage, Look, images, load_colorizer
from colorizer.images import DEFAULT_MAX_PIXELS, Picture
from dashboard.game.pairs import GAME_SIDE, Pair, disguise, make_pair, prepare_picture
from tests.support.paths import SAMPLES
from tests.support.png_structure import chunks, structure

COLOR = SAMPLES / "colour"


@pytest.fixture(scope="module")
def colorizer() -> Colorizer:
    return load_colorizer("compact")


@pytest.fixture(scope="module")
def pair(colorizer: Colorizer) -> Pair:
    picture = prepare_picture((COLOR / "cat.jpg").read_bytes(), max_pixels=DEFAULT_MAX_PIXELS)
    return make_pair("Chelsea", picture, colorizer)


def pixels(jpeg: bytes) -> NDArray[np.uint8]:
    return np.asarray(Image.open(io.BytesIO(jpeg)).convert("RGB"))


def encode_picture(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def test_both_versions_have_one_lightness(pair: Pair) -> None:
    real, ours = (rgb2lab(pixels(file)) for file in (pair.real, pair.ours))
    assert real.shape == ours.shape == (pair.height, pair.width, 3)
    assert np.abs(real[..., 0] - ours[..., 0]).mean() < 0.5  # of 100
    assert np.hypot(*np.moveaxis(real[..., 1:] - ours[..., 1:], -1, 0)).mean() > 2


def test_the_real_version_has_the_photographs_colours(pair: Pair) -> None:
    photograph = np.asarray(Image.open(COLOR / "cat.jpg")).astype(int)
    assert np.abs(pixels(pair.real) - photograph).mean() < 3  # of 255; from the half-size colour and JPEG's noise


def test_ours_is_what_the_colorizer_makes(pair: Pair, colorizer: Colorizer) -> None:
    photograph = np.asarray(Image.open(COLOR / "cat.jpg"))
    assert np.abs(pixels(pair.ours) - colorizer.colorize(photograph).astype(int)).mean() < 3


def test_vividness_changes_ours_alone(pair: Pair, colorizer: Colorizer) -> None:
    picture = prepare_picture((COLOR / "cat.jpg").read_bytes(), max_pixels=DEFAULT_MAX_PIXELS)
    vivid = make_pair("Chelsea", picture, colorizer, Look(vividness=1.0))
    assert vivid.real == pair.real
    assert vivid.ours != pair.ours


def made_pair(number: int) -> Pair:
    """A pair of random size whose real version is the rougher one."""
    random = np.random.default_rng(number)
    height, width = random.integers(1, 200, 2).tolist()
    rough = random.integers(0, 256, (height, width, 3), dtype=np.uint8)
    smooth = np.full_like(rough, number)
    files = [images.encode(Picture(version), ".jpg") for version in (rough, smooth)]
    return Pair(str(number), files[0], files[1], width, height)


def comment(png: bytes) -> bytes:
    return next(content for kind, content in chunks(png) if kind == b"tEXt")


def test_in_200_rounds_the_files_differ_in_their_pixels_and_random_comments_alone() -> None:
    """As JPEG files with comments that made them equally long, the one with the shorter comment was always real."""
    right = np.zeros(3)
    for number in range(200):
        real, ours = disguise(made_pair(number))
        assert structure(real) == structure(ours)
        texts = [np.frombuffer(comment(file), np.uint8) for file in (real, ours)]
        values = [np.array([int(text.sum()), len(set(text.tolist())), int(text[-1])]) for text in texts]
        right += (values[0] < values[1]) + (values[0] == values[1]) / 2
    assert (np.abs(right - 100) < 36).all()  # five standard deviations of chance, which is the random comment's


def test_the_disguise_changes_no_pixel(pair: Pair) -> None:
    for plain, file in zip((pair.real, pair.ours), disguise(pair), strict=True):
        assert np.array_equal(pixels(plain), pixels(file))


def test_no_file_comes_twice(pair: Pair) -> None:
    assert len({file for _ in range(20) for file in disguise(pair)}) == 40


def test_a_photograph_is_cut_to_the_work_size() -> None:
    large = Image.open(COLOR / "pagoda.jpg").resize((1920, 1281))
    picture = prepare_picture(encode_picture(large), max_pixels=DEFAULT_MAX_PIXELS)
    assert (picture.width, picture.height) == (GAME_SIDE, round(GAME_SIDE * 1281 / 1920))
    assert picture.pixels.dtype == np.uint8


def test_a_transparent_photograph_is_laid_over_white() -> None:
    image = Image.open(COLOR / "dahlia.jpg").convert("RGBA")
    alpha = Image.new("L", image.size, 255)
    alpha.paste(0, (0, 0, 100, 100))
    image.putalpha(alpha)
    picture = prepare_picture(encode_picture(image), max_pixels=DEFAULT_MAX_PIXELS)
    assert picture.alpha is None
    assert picture.pixels.shape == (round(GAME_SIDE * image.height / image.width), GAME_SIDE, 3)
    assert (picture.pixels[:75, :75] == 255).all()


@pytest.mark.parametrize("tint", [None, (255, 240, 192), (180, 200, 255)])
@pytest.mark.parametrize("sample", sorted(path.name for path in COLOR.glob("*.jpg")))
def test_what_has_no_colours_of_its_own_is_refused(sample: str, tint: tuple[int, int, int] | None) -> None:
    gray = Image.open(COLOR / sample).convert("L")
    if tint is not None:
        gray = Image.merge("RGB", [gray.point([round(level * part / 255) for level in range(256)]) for part in tint])
    with pytest.raises(
        InvalidImage, match="expected a photograph in colour, got one that is grey or has a single tint"
    ):
        prepare_picture(encode_picture(gray), max_pixels=DEFAULT_MAX_PIXELS)


@pytest.mark.parametrize("sample", sorted(path.name for path in COLOR.glob("*.jpg")))
def test_our_samples_can_be_played_with(sample: str) -> None:
    assert isinstance(prepare_picture((COLOR / sample).read_bytes(), max_pixels=DEFAULT_MAX_PIXELS), Picture)


def test_what_is_no_picture_says_so() -> None:
    with pytest.raises(InvalidImage):
        prepare_picture(b"Dear grandma", max_pixels=DEFAULT_MAX_PIXELS)
