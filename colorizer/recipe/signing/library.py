"""The library of C2PA, c2pa-python: loaded when it is needed, and kept from every connection that nobody asked for."""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path
from typing import Any

from colorizer.errors import InvalidSetting

_INSTALL = "expected the extra `sign`, got no package c2pa. It is installed by: pip install 'ai-colouriser[sign]'"
_LIBRARY_VARIABLE = "C2PA_LIBRARY_NAME"
_SHARED_OBJECT = "libc2pa_c.dylib" if sys.platform == "darwin" else "libc2pa_c.so"
# What a certificate must be for, as an extended key usage (C2PA 2.4, certificate profile): protection of e-mail, the
# signing of documents (RFC 9336), the signing of claims of C2PA.
PURPOSES = ("1.3.6.1.5.5.7.3.4", "1.3.6.1.5.5.7.3.36", "1.3.6.1.4.1.62558.2.1")
# What it must not be for besides: anything, time stamps, the state of certificates (OCSP).
EXCLUDED_PURPOSES = ("2.5.29.37.0", "1.3.6.1.5.5.7.3.8", "1.3.6.1.5.5.7.3.9")


def has_library() -> bool:
    """Whether the extra `sign` is installed."""
    return importlib.util.find_spec("c2pa") is not None


def load_library() -> Any:
    """The module `c2pa`, which has no types. Raises InvalidSetting if the extra `sign` is not installed."""
    if "c2pa" not in sys.modules:
        spec = importlib.util.find_spec("c2pa")
        if spec is None or not spec.submodule_search_locations:
            raise InvalidSetting(_INSTALL)
        # c2pa 0.38 looks for its shared object in the current folder first, so a folder of photographs from elsewhere
        # could bring code of its own. The full path in this variable leaves nothing to look for.
        path = Path(spec.submodule_search_locations[0]) / "libs" / _SHARED_OBJECT
        os.environ[_LIBRARY_VARIABLE] = str(path)
    import c2pa

    return c2pa


def make_context(signer: Any = None, *, verify: bool = True) -> Any:
    """A context of the library that makes no thumbnails and fetches nothing; large files do not lie in memory.

    `signer`: of the library, which the context takes over; None to read. `verify`: whether what is read is checked.
    Raises InvalidSetting without the library.
    """
    settings = {
        "verify": {"remote_manifest_fetch": False, "ocsp_fetch": False, "verify_after_reading": verify},
        "core": {"allowed_network_hosts": [], "backing_store_memory_threshold_in_mb": 32},
        "trust": {"trust_config": "\n".join(PURPOSES)},
        "builder": {"thumbnail": {"enabled": False}},
    }
    return load_library().Context.from_dict(settings, signer)
