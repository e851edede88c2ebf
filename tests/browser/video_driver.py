"""Helpers for the tests of the Film tab: uploads, progress, and what the page's player plays."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import av
from playwright.sync_api import Locator, Page, expect

from tests.browser.photo_driver import expect_settled

PATIENCE = 120_000.0  # milliseconds; long, because the machine may be busy and a film takes time
PREVIEW = "Preview 3 seconds"
FRAMES_DONE = re.compile(r"(\d+) of (\d+) frames")

# Plays from the beginning without a sound to be heard, until some frames were shown, and tells how that went. Chroma:
# the mean distance of the largest of R, G, B from the smallest.
_PLAY = """(video, seconds) => new Promise((resolve, reject) => {
  setTimeout(() => reject(new Error(`stuck at ${video.currentTime} s: ${video.error?.message}`)), 60000);
  video.volume = 0;
  video.currentTime = 0;
  video.play().catch(reject);
  const look = () => {
    if (video.currentTime < seconds) return video.requestVideoFrameCallback(look);
    video.pause();
    const canvas = new OffscreenCanvas(video.videoWidth, video.videoHeight);
    const context = canvas.getContext("2d");
    context.drawImage(video, 0, 0);
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
    let sum = 0;
    for (let i = 0; i < data.length; i += 4) {
      sum += Math.max(data[i], data[i + 1], data[i + 2]) - Math.min(data[i], data[i + 1], data[i + 2]);
    }
    resolve({
      seconds: video.currentTime,
      duration: video.duration,
      width: video.videoWidth,
      height: video.videoHeight,
      frames: video.getVideoPlaybackQuality().totalVideoFrames,
      audio_bytes: video.webkitAudioDecodedByteCount,
      chroma: (4 * sum) / data.length,
    });
  };
  video.requestVideoFrameCallback(look);
})"""


@dataclass(frozen=True)
class Played:
    """The browser's report on a played film: times in seconds, decoded frames and bytes, chroma of the last frame."""

    seconds: float
    duration: float
    width: int
    height: int
    frames: int
    audio_bytes: int
    chroma: float


def video_tab(page: Page) -> Locator:
    return page.get_by_role("tab", name="movie icon Film")


def upload_film(page: Page, path: Path) -> None:
    """Upload a film, and wait until one frame is shown in colour."""
    give(page, path)
    expect(page.get_by_text(re.compile(r"^Frame at "))).to_be_visible(timeout=PATIENCE)
    expect(button(page, PREVIEW)).to_be_enabled(timeout=PATIENCE)


def expect_at_rest(page: Page) -> None:
    """Wait until all that a new film is looked into for is done, and nothing draws the page anew by itself."""
    expect(page.get_by_text(re.compile(r"^About .* of work"))).to_be_visible(timeout=PATIENCE)
    if frames(page).count():  # of a film of known length
        expect(frames(page).last).not_to_have_value("0", timeout=PATIENCE)  # their places stand empty before
    expect_settled(page)


def give(page: Page, path: Path) -> None:
    page.locator(".st-key-video-upload").get_by_test_id("stFileUploaderDropzoneInput").set_input_files(path)


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name)


def frames_done(page: Page) -> tuple[int, int]:
    """Wait for the progress. Returns the number of finished frames and of all frames."""
    line = page.get_by_text(FRAMES_DONE).first
    expect(line).to_be_visible(timeout=PATIENCE)
    found = FRAMES_DONE.search(line.inner_text())
    assert found is not None
    return int(found[1]), int(found[2])


def expect_progress(page: Page, least: int) -> None:
    """Wait until at least so many frames are done."""
    page.wait_for_function(
        """([pattern, least]) => Number(document.body.innerText.match(pattern)?.[1] ?? 0) >= least""",
        arg=[FRAMES_DONE.pattern, least],
        timeout=PATIENCE,
    )


def player(page: Page) -> Locator:
    """The coloured film of the result that is shown."""
    return page.locator(".player .layer.after video")


def download_link(page: Page) -> Locator:
    return page.get_by_role("link", name=re.compile(r"Download [\d.]+ [kM]B"))


def frames(page: Page) -> Locator:
    """The radio buttons of the frames to choose a moment by."""
    return page.get_by_role("radiogroup", name="Moment of the film").get_by_role("radio")


def expect_result(page: Page) -> None:
    player(page).wait_for(timeout=PATIENCE)  # not `expect`, which comes to look half as often
    expect(button(page, PREVIEW)).to_be_enabled(timeout=PATIENCE)


def play(page: Page, seconds: float) -> Played:
    """Play the film of the result for this many seconds."""
    return play_video(player(page), seconds)


def play_video(video: Locator, seconds: float) -> Played:
    """The same for any video element."""
    return Played(**video.evaluate(_PLAY, seconds))


def download_film(page: Page, folder: Path) -> Path:
    """Press Download. Returns the path of the file, with the name that the page suggested."""
    # The pointer may rest on a button that the new result has moved, whose help lies over the link.
    page.mouse.move(0, 0)
    with page.expect_download(timeout=PATIENCE) as handed:
        download_link(page).click()
    path = folder / handed.value.suggested_filename
    handed.value.save_as(path)
    return path


def count_frames(path: Path) -> tuple[int, int]:
    """The number of frames and of audio samples in a file, counted by decoding them all."""
    with av.open(path) as container:
        frames = sum(1 for _ in container.decode(video=0))
    with av.open(path) as container:
        samples = sum(frame.samples for frame in container.decode(audio=0))
    return frames, samples
