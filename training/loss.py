"""The training loss: rebalanced soft cross-entropy over 313 colours, and the error of the regressed ab."""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import Tensor
from torch.nn import functional as F

from colorizer.color.lab import xyz_to_rgb
from training.settings import Settings


def soft_encode(ab: Tensor, points: Tensor, neighbors: int, sigma: float) -> tuple[Tensor, Tensor]:
    """Encode colours as their nearest points with Gaussian weights (Zhang et al. 2016, section 2.1).

    `ab` (N, 2) and `points` (Q, 2) in CIE units -> indices (N, neighbors) int64, weights (N, neighbors) summing to 1.
    """
    distance, nearest = torch.cdist(ab, points).topk(neighbors, largest=False)
    weight = torch.exp(-distance.square() / (2 * sigma**2))
    # Far outside the hull every weight underflows; then the nearest point gets the whole weight.
    weight[:, 0] = weight[:, 0].clamp_min(1e-12)
    return nearest, weight / weight.sum(1, keepdim=True)


def class_prior(batches: Iterable[Tensor], points: Tensor, settings: Settings) -> Tensor:
    """The frequencies of the colour points in ab batches (N, 2, h, w): (Q,), summing to 1."""
    counts = torch.zeros(len(points), device=points.device)
    for ab in batches:
        nearest, weight = soft_encode(_rows(ab), points, settings.neighbors, settings.encoding_sigma)
        counts.index_add_(0, nearest.flatten(), weight.flatten())
    return counts / counts.sum()


def rebalancing(prior: Tensor, uniform_share: float) -> Tensor:
    """The weight of each class; their mean under `prior` is 1 (Zhang et al. 2016, equation 4)."""
    weight = 1 / ((1 - uniform_share) * prior + uniform_share / len(prior))
    return weight / (prior * weight).sum()


def color_loss(ab: Tensor, truth: Tensor, log_floor: float | None = None) -> Tensor:
    """The mean over photographs of the root-mean-square ab error in CIE units, or of the logarithm of the mean square.

    The plain mean square is dominated by the few most colourful photographs, its logarithm (mean PSNR) by the nearly
    grey ones. The root lies between them; so does the logarithm with `log_floor`, in squared CIE units, added.
    """
    squares = (ab - truth).square().sum(1).mean((1, 2))
    return (squares + 1.0).sqrt().mean() if log_floor is None else (squares + log_floor).log().mean()


def shown_loss(luminance: Tensor, ab: Tensor, truth: Tensor, log_floor: float) -> Tensor:
    """The mean over photographs of the logarithm of the mean square error in sRGB (0..1), with `log_floor` added.

    `luminance`: L minus 50 of the same photographs, (N, 1, h, w) at any size. This is what PSNR measures: an error of
    ab counts by what it changes on the screen, so less in dark places, and not where the colour is beyond the screen's.
    """
    lightness = F.adaptive_avg_pool2d(luminance, ab.shape[2:]) + 50
    errors = to_srgb(lightness, ab) - to_srgb(lightness, truth)
    return (errors.square().mean((1, 2, 3)) + log_floor).log().mean()


def to_srgb(lightness: Tensor, ab: Tensor) -> Tensor:
    """L (N, 1, h, w) in 0..100 and ab (N, 2, h, w) in CIE units -> sRGB (N, 3, h, w) in 0..1, white D65 (CIE 15)."""
    fy = (lightness + 16) / 116
    f = torch.cat([fy + ab[:, :1] / 500, fy, fy - ab[:, 1:] / 200], 1)
    xyz = torch.where(f > 6 / 29, f**3, 3 * (6 / 29) ** 2 * (f - 4 / 29))
    linear = torch.einsum("rc,nchw->nrhw", torch.from_numpy(xyz_to_rgb()).to(f), xyz)
    linear = linear.clamp(1e-6, 1)
    return torch.where(linear > 0.0031308, 1.055 * linear ** (1 / 2.4) - 0.055, 12.92 * linear)


def class_loss(logits: Tensor, truth: Tensor, points: Tensor, weights: Tensor, settings: Settings) -> Tensor:
    """Soft cross-entropy at every other row and column; neighbouring pixels add little information."""
    rows = _rows(truth[:, :, ::2, ::2])
    nearest, share = soft_encode(rows, points, settings.neighbors, settings.encoding_sigma)
    log_probability = F.log_softmax(_rows(logits[:, :, ::2, ::2]), 1)
    entropy = -(share * log_probability.gather(1, nearest)).sum(1)
    return (weights[nearest[:, 0]] * entropy).mean()


def _rows(maps: Tensor) -> Tensor:
    """(N, C, h, w) -> (N h w, C)."""
    return maps.permute(0, 2, 3, 1).reshape(-1, maps.shape[1])
