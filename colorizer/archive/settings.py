"""What makes the results of a run, and the folder that a run has in the target."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from colorizer.archive.storage import Storage
from colorizer.errors import InvalidSetting
from colorizer.network.registry import find_model
from colorizer.network.weights import describe_weights
from colorizer.recipe import PhotoSettings
from colorizer.recipe.plain import to_json, to_plain
from colorizer.recipe.signing import Credentials
from colorizer.recipe.signing.credentials import signer_name

RESULTS, MANIFEST, DESCRIPTION = "results", "manifest", "run.json"


@dataclass(frozen=True, kw_only=True)
class Signing:
    """Who signs the results of a run. It goes to the workers in place of the private key, which each reads by itself.

    `key`, `certificates`: files that every worker can read, with the passphrase in its environment (see
    `read_credentials`). `timestamp`: the URL of an authority; empty for none. `signer`: the name in the certificate.
    `certificates_sha256`: of the certificates as `Credentials` has them.
    """

    key: Path
    certificates: Path
    timestamp: str = ""
    signer: str
    certificates_sha256: str

    @classmethod
    def of(cls, credentials: Credentials, key: Path, certificates: Path) -> Signing:
        """That of credentials which were read from these files."""
        return cls(
            key=key.resolve(),
            certificates=certificates.resolve(),
            timestamp=credentials.timestamp,
            signer=signer_name(credentials),
            certificates_sha256=sha256(credentials.certificates).hexdigest(),
        )

    def plain(self) -> dict[str, Any]:
        """What tells signed results from others. A renewed certificate goes on with the run of the one before."""
        return {"signer": self.signer, "timestamp": bool(self.timestamp)}


@dataclass(frozen=True, kw_only=True)
class ArchiveSettings:
    """Model and settings, the same for every photograph of a run.

    `weights`: a file with the model's weights that every worker can read; None for the published ones. `signing`: None
    for results that are not signed.
    """

    model: str
    weights: Path | None = None
    photo: PhotoSettings = field(default_factory=PhotoSettings)
    label: bool = True
    signing: Signing | None = None

    @property
    def model_sha256(self) -> str:
        """Of the weights. Raises OSError if their file cannot be read."""
        return (describe_weights(self.weights) if self.weights else find_model(self.model).weights).sha256

    def plain(self) -> dict[str, Any]:
        """The settings as values of JSON."""
        signature = {"signature": self.signing.plain()} if self.signing else {}  # runs from before have no such entry
        return {**to_plain(self.photo), "label": self.label, **signature}

    def to_json(self) -> str:
        """Canonical text of the settings: equal settings have equal texts."""
        return to_json(self.plain())


@dataclass(frozen=True)
class Run:
    """A run's folder in the target. It holds the results, the manifest, and files that are not complete yet."""

    source: Storage
    target: Storage
    name: str

    @property
    def folder(self) -> Storage:
        return self.target.folder(self.name)

    @property
    def results(self) -> Storage:
        """The results, in the same folders as their sources."""
        return self.folder.folder(RESULTS)

    @property
    def manifest(self) -> Storage:
        """The parts of the manifest."""
        return self.folder.folder(MANIFEST)


def open_run(source: Storage, target: Storage, settings: ArchiveSettings) -> Run:
    """The run of these settings in the target: the one that was begun, or a new one beside those of other settings.

    Raises InvalidSetting if it was begun for another source, or if source and target are in each other.
    """
    source, target = source.whole(), target.whole()
    _check_apart(source, target)
    described = {"model": settings.model, "model_sha256": settings.model_sha256, "settings": settings.plain()}
    identity = sha256(json.dumps(described, sort_keys=True).encode()).hexdigest()[:12]
    run = Run(source, target, f"{settings.model}-{identity}")
    try:
        begun = json.loads(run.folder.read(DESCRIPTION))
    except FileNotFoundError:
        text = json.dumps({"source": source.address, **described}, indent=2, sort_keys=True)
        run.folder.write(DESCRIPTION, text.encode())
        return run
    if begun["source"] != source.address:
        raise InvalidSetting(
            f"expected the source {begun['source']}, which this run in {target.address} is for, got {source.address}. "
            f"Choose another target or, if the files have moved, change the source in {run.name}/{DESCRIPTION}"
        )
    return run


def find_runs(target: Storage) -> list[Run]:
    """The runs in a target, by name. Raises OSError and StorageFault."""
    runs = []
    for name, _ in target.entries():
        folder = target.folder(name)
        if folder.files.exists(folder.path(DESCRIPTION)):
            source = Storage(json.loads(folder.read(DESCRIPTION))["source"])
            runs.append(Run(source, target, name))
    return runs


def _check_apart(source: Storage, target: Storage) -> None:
    one, other = (f"{each.real_address.rstrip('/')}/" for each in (source, target))
    if one.startswith(other) or other.startswith(one):
        raise InvalidSetting(
            f"expected source and target that are not in each other, got {source.address} and {target.address}"
        )
