"""What is served beside the API: the dashboard, the installer with the agent, and the API reference at /docs.

Every file is read from the package's `bundle/` folder when the server starts; no request ever names a path on the disk.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from litestar.types import ControllerRouterHandler

from nodestral.pages import dashboard, installer, reference

BUNDLE = Path(__file__).parent.parent / "bundle"


def routes(
    bundle: Path = BUNDLE, document: Callable[[], dict[str, Any]] | None = None
) -> Sequence[ControllerRouterHandler]:
    """The handlers for `create_app(routes=…)`. bundle: web/, install/ and agent/, each of which may be missing.

    document: makes the OpenAPI document that /docs shows, when it is first asked for; else it is the application's own.
    """
    return (*installer.routes(bundle), *reference.routes(document), *dashboard.routes(bundle / "web"))
