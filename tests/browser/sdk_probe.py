"""A page that holds the unmodified SDK and nothing else, so that tests can speak through it."""

from pathlib import Path

from sandbox.standin.extensions import Extension
from sandbox.wire import Request, Response

PANEL, MODAL = "probe-panel", "probe-modal"

_HTML = """<!doctype html><html lang="en"><title>Probe</title><script src="/sdk.js"></script>
<script src="/probe.js"></script><h1>Probe</h1>"""
_JS = """
window.heard = [];
window.begin = async (size) => {
  window.sdk = new AppExtensionsSDK();
  for (const event of ["visibility", "close_custom_modal", "user_settings_change"])
    window.sdk.listen(event, (given) => window.heard.push([event, given]));
  await window.sdk.initialize(size && { size });
  document.title = "initialised";
};
window.begin({ height: 300 });
"""


class Probe:
    """Serves the page, whatever the path."""

    def __init__(self, sdk: Path) -> None:
        self._files = {"/sdk.js": sdk.read_bytes(), "/probe.js": _JS.encode()}

    def __call__(self, request: Request) -> Response:
        """Answer one request."""
        if script := self._files.get(request.path):
            return Response(200, {"content-type": "text/javascript"}, script)
        return Response(200, {"content-type": "text/html; charset=utf-8"}, _HTML.encode())


def extensions(origin: str) -> tuple[Extension, ...]:
    """The probe as the app's panel, modal and settings."""
    return (
        Extension("panel", PANEL, "Duebill", f"{origin}/panel"),
        Extension("modal", MODAL, "Probe modal", f"{origin}/modal", in_menu=True),
        Extension("settings", "probe-settings", "Settings", f"{origin}/settings"),
    )
