"""The hyperparameters of all training runs."""

from __future__ import annotations

from dataclasses import dataclass, replace

from training.sources import FIRST_SOURCES, NARROW_SOURCES

Dropout = tuple[float, float, float, float, float]
NO_DROPOUT: Dropout = (0.0, 0.0, 0.0, 0.0, 0.0)


@dataclass(frozen=True)
class Stage:
    """A part of a run, with crops of one size.

    `side`: of the crops in pixels, a multiple of 32. `images`: number of crops. `smallest`: the smallest ratio of a
    crop's side to its photograph's short side. `frozen`: the encoder is not trained, so that the new decoder cannot
    spoil it.
    """

    side: int
    images: int
    smallest: float
    frozen: bool = False


@dataclass(frozen=True)
class Settings:
    stages: tuple[Stage, ...] = (
        Stage(side=128, images=6_400, smallest=0.5, frozen=True),
        Stage(side=128, images=48_000, smallest=0.5),
        Stage(side=192, images=8_000, smallest=0.75),
    )
    network: str = "compact"  # of `network.NETWORKS`
    batch: int = 16
    encoder_rate: float = 2e-4  # of the network's last encoder; encoders before it are not trained
    decoder_rate: float = 6e-4
    frozen_blocks: int = 0  # that encoder's stem and this many of its first blocks are not trained
    warmup_images: int = 1_600
    final_rate: float = 0.02  # of the full learning rate, at the end of the cosine
    weight_decay: float = 0.02
    muon: bool = False  # full convolutions learn by Muon, all else by AdamW; else all by AdamW
    clip_norm: float = 5.0
    dropout: Dropout = NO_DROPOUT  # `network.ColorNet.dropout`
    average_decay: float = 0.998  # of the running mean of the weights; the mean is evaluated and exported
    bfloat16: bool = False  # the network's arithmetic, where the processor has it; else float32

    # Loss: class_weight x soft cross-entropy + color_weight x error of ab per photograph (`loss.color_loss`)
    # + teacher_weight x what a classifier names (`teacher.teacher_loss`).
    class_weight: float = 0.4
    color_weight: float = 0.1
    log_floor: float | None = None  # squared CIE units; None means the root of the mean square, not its logarithm
    shown_floor: float | None = None  # squared sRGB (0..1): `loss.shown_loss` with this floor takes its place
    teacher_weight: float = 0.0
    student_rate: float = 1e-3  # of the layer that names; it is not exported
    uniform_share: float = 0.8  # lambda of the paper's class rebalancing; 1 means no rebalancing
    neighbors: int = 5  # of the soft encoding
    encoding_sigma: float = 5.0
    aged_share: float = 1.0  # share of the crops whose luminance is aged
    film_share: float = 0.0  # share of the crops with the luminance of a film without red sensitivity

    source_weights: tuple[tuple[str, float], ...] = FIRST_SOURCES
    full_chroma: float | None = None  # CIE units; paler photographs are drawn more rarely; None: all alike
    seed: int = 20161008

    @property
    def images(self) -> int:
        return sum(stage.images for stage in self.stages)


_BROAD = Settings(
    stages=(Stage(side=128, images=72_000, smallest=0.5), Stage(side=192, images=40_000, smallest=0.75)),
    batch=32,
    frozen_blocks=3,
    average_decay=0.999,
    weight_decay=0.05,
    color_weight=0.9,
    log_floor=60.0,
    film_share=0.05,
    source_weights=NARROW_SOURCES,
    seed=20161013,
)

# More residual blocks where colours are decided, and pale photographs drawn more rarely.
_DEEP = replace(
    _BROAD,
    stages=(Stage(side=128, images=96_000, smallest=0.5),),
    network="deep",
    film_share=0.0,
    full_chroma=14.0,
    seed=20161018,
)

_DROPPED = replace(
    _DEEP,
    stages=(Stage(side=128, images=83_200, smallest=0.5),),
    dropout=(0.0, 0.05, 0.2, 0.2, 0.3),
    seed=20161021,
)

# `second` starts with the weights of `first`, `third` with those of `second`, `wider` and `broad` with
# those of `wide`, `detail`, `taught`, `shown`, `clear` and `deep` with the mean of `wide` and `broad`, `muon` with
# those of `deep`, `scaled` with the mean of `deep` and `muon`, `dropped` with 0.3 of the mean of `wide` and `broad` and
# 0.7 of `deep`, `dropped_more` with 0.25 of that mean, 0.5 of `deep` and 0.25 of `dropped`.
RUNS = {
    "first": Settings(),
    "second": Settings(
        stages=(Stage(side=128, images=28_800, smallest=0.5), Stage(side=192, images=6_400, smallest=0.75)),
        encoder_rate=1.5e-4,
        decoder_rate=4.5e-4,
        seed=20161009,
    ),
    "third": Settings(
        stages=(Stage(side=128, images=27_200, smallest=0.5), Stage(side=192, images=3_200, smallest=0.75)),
        encoder_rate=1.2e-4,
        decoder_rate=3.6e-4,
        seed=20161010,
    ),
    "wide": Settings(
        stages=(Stage(side=128, images=150_000, smallest=0.5),),
        batch=32,
        weight_decay=0.05,
        source_weights=NARROW_SOURCES[:18],
        seed=20161011,
    ),
    "wider": Settings(
        stages=(Stage(side=128, images=66_000, smallest=0.5), Stage(side=160, images=4_000, smallest=0.7)),
        batch=32,
        encoder_rate=2.5e-4,
        decoder_rate=7e-4,
        weight_decay=0.05,
        film_share=0.25,
        source_weights=NARROW_SOURCES,
        seed=20161012,
    ),
    "broad": _BROAD,
    # A second encoder, trained from ImageNet's weights beside the first one, which stays as it is.
    "detail": replace(
        _BROAD,
        stages=(Stage(side=128, images=4_800, smallest=0.5, frozen=True), Stage(side=128, images=64_000, smallest=0.5)),
        network="detail",
        encoder_rate=2.5e-4,
        decoder_rate=5e-4,
        frozen_blocks=4,
        seed=20161014,
    ),
    # The encoder also learns to name what a classifier sees in the colour photograph.
    "taught": replace(
        _BROAD,
        stages=(Stage(side=128, images=96_000, smallest=0.5),),
        bfloat16=True,
        teacher_weight=0.15,
        seed=20161015,
    ),
    "shown": replace(
        _BROAD,
        stages=(Stage(side=128, images=38_400, smallest=0.5),),
        encoder_rate=6e-5,
        decoder_rate=3e-4,
        frozen_blocks=10,
        average_decay=0.998,
        log_floor=None,
        shown_floor=1.5e-3,
        film_share=0.0,
        seed=20161016,
    ),
    # A trial with most photographs as they are: the network does not yet fit its own photographs better than others'.
    "clear": replace(
        _BROAD,
        stages=(Stage(side=128, images=120_000, smallest=0.5),),
        weight_decay=0.02,
        aged_share=0.3,
        film_share=0.0,
        seed=20161017,
    ),
    "deep": _DEEP,
    # Orthogonal steps.
    "muon": replace(
        _DEEP,
        stages=(Stage(side=128, images=112_000, smallest=0.5),),
        encoder_rate=2.5e-4,
        decoder_rate=7.5e-4,
        muon=True,
        seed=20161019,
    ),
    # Smaller parts of the photographs, so that things are as large as in the network's input of a whole photograph.
    "scaled": replace(
        _DEEP,
        stages=(Stage(side=128, images=134_400, smallest=0.33),),
        frozen_blocks=5,
        weight_decay=0.1,
        seed=20161020,
    ),
    "dropped": _DROPPED,
    "dropped_more": replace(_DROPPED, dropout=(0.0, 0.1, 0.3, 0.3, 0.4), seed=20161022),
}
