"""A folium map as one file that opens anywhere: from a USB stick, on a machine without any network.

folium writes the addresses of 72 foreign files into its pages. Here each one that the map needs is put into the page
itself, those it doesn't need are left out, and the page's own policy forbids the browser to fetch anything else.
Leaflet's files come from the package `django-js-lib-leaflet`. There is no background map: it would need a network.
"""

import base64
import html
import re
from functools import cache
from importlib import resources
from typing import Final

import folium
from shapely.geometry.base import BaseGeometry

POLICY: Final = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:"
NEEDED: Final = {"leaflet.js", "leaflet.css"}
# What folium puts into every page for icons and pop-ups that are drawn by others; a map that needs one is refused.
UNUSED: Final = {
    "jquery-3.7.1.min.js",
    "bootstrap.bundle.min.js",
    "leaflet.awesome-markers.js",
    "bootstrap.min.css",
    "bootstrap-glyphicons.css",
    "all.min.css",
    "leaflet.awesome-markers.css",
    "leaflet.awesome.rotate.min.css",
}
NEEDS_OTHERS: Final = re.compile(r"\$\(|L\.AwesomeMarkers|bootstrap\.")
_FOREIGN: Final = re.compile(
    r'<script[^>]*\bsrc="(?P<script>[^"]+)"[^>]*>\s*</script>|<link[^>]*\bhref="(?P<sheet>[^"]+)"[^>]*/?>'
)
_STYLE: Final = """
body { display: flex; flex-direction: column; font: 15px/1.5 "Noto Sans CJK SC", "Microsoft YaHei", sans-serif; }
.words { padding: 0.6rem 1rem; max-height: 45vh; overflow: auto; }
.folium-map { flex: 1; min-height: 55vh; }
h1 { font-size: 1.3rem; margin: 0; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0 1rem; margin: 0.5rem 0; }
dd { margin: 0; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: 0.2rem 0.6rem; border-bottom: 1px solid #ccc; vertical-align: top; }
button.show { font: inherit; color: #0645ad; background: none; border: 0; padding: 0; cursor: pointer; }
"""


def blank_map(around: BaseGeometry) -> folium.Map:
    """A map without a background, that begins showing all of `around` ((lon, lat) degrees, not empty)."""
    west, south, east, north = around.bounds
    drawn = folium.Map(tiles=None, prefer_canvas=True, attribution_control=False, zoom_snap=0.25)
    drawn.fit_bounds([[south, west], [north, east]])
    return drawn


def self_contained(
    drawn: folium.Map, *, title: str, words: str, below: str = "", style: str = "", script: str = ""
) -> str:
    """The whole page: `words` (HTML, already escaped) above the map, every file it needs inside.

    below   HTML under the map, already escaped
    style   CSS behind the page's own
    script  JavaScript that runs when the map is drawn
    A button of class `show` with `data-bounds="south,west,north,east"` in `words` takes the map there.
    Raises ValueError when the map needs a file that isn't brought: it must fail here, not at the reader's.
    """
    page = drawn.get_root().render()
    if found := NEEDS_OTHERS.search(_FOREIGN.sub("", page)):
        raise ValueError(f"the map needs {found[0]!r}, which no offline page brings")
    page = _FOREIGN.sub(_brought, page)
    head = (
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        f"<title>{html.escape(title)}</title><style>{_STYLE}{style}</style>"
    )
    page = page.replace("<head>", f"<head>{head}", 1).replace("<html>", '<html lang="zh-CN">', 1)
    page = page.replace("<body>", f'<body><main class="words">{words}</main>', 1)
    page = page.replace("</body>", f"{below}</body>", 1)
    scripts = f"<script>{_show_script(drawn.get_name())}</script>" + (f"<script>{script}</script>" if script else "")
    return page.replace("</html>", f"{scripts}</html>")


def bounds_of(where: BaseGeometry) -> str:
    """A geometry's box as `data-bounds` wants it."""
    west, south, east, north = where.bounds
    return f"{south:.7f},{west:.7f},{north:.7f},{east:.7f}"


def _show_script(name: str) -> str:
    return (
        "document.querySelectorAll('button.show').forEach(b => b.addEventListener('click', () => {"
        "const [s, w, n, e] = b.dataset.bounds.split(',').map(Number);"
        f"{name}.fitBounds([[s, w], [n, e]], {{maxZoom: 18, padding: [40, 40]}});"
        f"document.getElementById('{name}').scrollIntoView();}}));"
    )


def _brought(tag: re.Match[str]) -> str:
    address = tag["script"] or tag["sheet"]
    name = address.rsplit("/", 1)[-1]
    if name in UNUSED:
        return ""
    if name not in NEEDED:
        raise ValueError(f"the map needs {name}, which no offline page brings")
    # A closing tag inside a script or style would end it; "<\\/" means the same to JavaScript.
    text = _leaflet(name).replace("</script", "<\\/script").replace("</style", "<\\/style")
    return f"<script>{text}</script>" if tag["script"] else f"<style>{text}</style>"


@cache
def _leaflet(name: str) -> str:
    """One of Leaflet's files, the images that a style sheet names put into it, no address left to look up."""
    folder = resources.files("js_lib_leaflet") / "static" / "js_lib_leaflet"
    text = (folder / name).read_text(encoding="utf-8")
    text = re.sub(r"/[/*]# sourceMappingURL=\S+( \*/)?", "", text)

    def image(found: re.Match[str]) -> str:
        path = found[1]
        if path.startswith(("#", "data:")):
            return found[0]
        encoded = base64.b64encode((folder / path).read_bytes()).decode()
        return f"url(data:image/png;base64,{encoded})"

    return re.sub(r"url\(([^)]+)\)", image, text) if name.endswith(".css") else text
