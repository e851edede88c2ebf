"""Whether the camera's stream comes about: the streamer itself never says that it does not."""

from __future__ import annotations

from dataclasses import dataclass

CONNECT_SECONDS = 8.0  # a connection within one network takes one or two


@dataclass
class Connection:
    """How far a start has come: `since` when it is under way (monotonic), `failed` if the last one came to nothing."""

    since: float | None = None
    failed: bool = False

    def follow(self, *, playing: bool, signalling: bool, now: float) -> None:
        """Take in what the streamer says at the time `now`."""
        if playing:
            self.since, self.failed = None, False
        elif signalling:
            if self.since is None:
                self.since = now
            self.failed = now - self.since > CONNECT_SECONDS
        elif self.since is not None:  # given up, by the browser or by the visitor: a word only if it had taken long
            self.failed = now - self.since > CONNECT_SECONDS
            self.since = None
