"""What whoever copies a browser's profile, or sits down before the browser, finds in it."""

from pathlib import Path
from typing import Final

from tests.journeys.glass import Glass

# All that a page's origin keeps in this browser, as the next person's developer tools show it.
KEPT: Final = """async () => {
  const text = (value) => JSON.stringify(value, (_, inner) =>
    inner instanceof ArrayBuffer ? text(new Uint8Array(inner))
    : ArrayBuffer.isView(inner) ? new TextDecoder().decode(inner)
    : inner)
  const found = [text({ ...localStorage }), text({ ...sessionStorage })]
  for (const { name } of await indexedDB.databases()) {
    const database = await new Promise((done, failed) => {
      const asked = indexedDB.open(name)
      asked.onsuccess = () => done(asked.result)
      asked.onerror = () => failed(asked.error)
    })
    for (const store of database.objectStoreNames) {
      const all = await new Promise((done, failed) => {
        const asked = database.transaction(store).objectStore(store).getAll()
        asked.onsuccess = () => done(asked.result)
        asked.onerror = () => failed(asked.error)
      })
      for (const one of all) {
        found.push(text(one))
        for (const inner of Object.values(one)) if (inner instanceof Blob) found.push(await inner.text())
      }
    }
    database.close()
  }
  return found.join('\\n')
}"""


def kept_by(glass: Glass) -> str:
    """All that this browser keeps for the product: every storage, every database, its bytes as text."""
    found: str = glass.page.evaluate(KEPT)
    return found


def files_with(profile: Path, *words: str) -> list[str]:
    """The files of a profile in which one of these words stands, in either way that a browser writes text."""
    wanted = [word.encode(code) for word in words for code in ("utf-8", "utf-16-le")]
    found = []
    for file in profile.rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            found += [f"{file.relative_to(profile)}: {word!r}" for word in wanted if word in content]
    return found
