"""Query codes: read however they are typed, printed again the same, never the same twice."""

from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from dispatch.matter.reports.codes import ALPHABET, CODE_CHARS, code_of, hash_of, read, shown

SECRET = bytes(range(32))


def test_a_code_is_the_same_each_time_and_another_for_each_report_and_secret() -> None:
    report = UUID("0b7d5d0c-6c42-4a6e-8f3e-1f1f5d5a9c11")
    assert code_of(report, SECRET) == code_of(report, SECRET)
    assert code_of(report, SECRET) != code_of(report, bytes(32))
    codes = {code_of(uuid4(), SECRET) for _ in range(5_000)}
    assert len(codes) == 5_000
    assert {len(code) for code in codes} == {CODE_CHARS}
    assert {character for code in codes for character in code} == set(ALPHABET)


@given(st.uuids())
def test_what_is_printed_can_be_typed_in_many_ways(report: UUID) -> None:
    code = code_of(report, SECRET)
    for typed in (
        code,
        shown(code),
        shown(code).lower(),
        code.replace("0", "O").replace("1", "l"),
        f" {code[:6]} {code[6:]} ",
        "".join(chr(ord(character) + 0xFEE0) for character in code),  # full width
    ):
        assert read(typed) == code


def test_what_can_be_no_code_is_none() -> None:
    for typed in ("", "1234", "A" * 13, "****-****-****", "查询码查询码查询码查询码", "0000-0000-000é"):
        assert read(typed) is None
    assert len(hash_of("000000000000")) == 32
