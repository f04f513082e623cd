"""Where things lie, and the 107 bytes of a socket's path."""

from pathlib import Path

from door.layout import SOCKET_NAME, SOCKET_PATH_MAX_BYTES, layout_of

ROOT = Path("/srv/relay")


def test_everything_lies_under_run_unless_told_otherwise() -> None:
    layout = layout_of({}, ROOT)
    assert layout.run == ROOT / ".run"
    assert layout.anchors == ROOT / ".run" / "data" / "anchors"


def test_run_and_data_directories_come_from_the_environment() -> None:
    layout = layout_of({"RELAY_RUN_DIR": "/var/run60", "RELAY_DATA_DIR": "/mnt/kept"}, ROOT)
    assert (layout.run, layout.uploads) == (Path("/var/run60"), Path("/mnt/kept/uploads"))


def test_a_relative_run_directory_is_the_projects() -> None:
    assert layout_of({"RELAY_RUN_DIR": "elsewhere"}, ROOT).run == ROOT / "elsewhere"


def test_the_socket_stays_inside_while_its_path_fits() -> None:
    room = SOCKET_PATH_MAX_BYTES - len(f"/x/sock/{SOCKET_NAME}")
    longest = layout_of({"RELAY_RUN_DIR": "/x/" + "y" * (room - 1)}, ROOT)
    assert len(str(longest.socket_dir() / SOCKET_NAME)) == SOCKET_PATH_MAX_BYTES
    assert longest.socket_dir() == longest.run / "sock"


def test_a_path_one_byte_longer_goes_to_tmp_under_a_name_of_its_own() -> None:
    room = SOCKET_PATH_MAX_BYTES - len(f"/x/sock/{SOCKET_NAME}")
    one, other = (layout_of({"RELAY_RUN_DIR": "/x/" + letter * room}, ROOT) for letter in "yz")
    assert one.socket_dir().parent == Path("/tmp")
    assert one.socket_dir() != other.socket_dir()


def test_chinese_names_count_in_bytes() -> None:
    layout = layout_of({"RELAY_RUN_DIR": "/" + "综" * 30}, ROOT)  # 30 characters, 90 bytes
    assert layout.socket_dir().parent == Path("/tmp")


def test_a_run_directory_closed_to_postgres_puts_the_socket_under_tmp() -> None:
    assert layout_of({}, ROOT).socket_dir(enterable=False).parent == Path("/tmp")


def test_keys_are_closed_to_everyone_else(tmp_path: Path) -> None:
    layout = layout_of({}, tmp_path)
    layout.make_directories()
    assert layout.keys.stat().st_mode & 0o777 == 0o700
