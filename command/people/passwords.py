"""First passwords, made for people and changed by them; and what a password must be."""

import secrets
from typing import Final

from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.crypto import salted_hmac

from command.people.secrets import CODE_ALPHABET
from realtime.feed.errors import Invalid

SHORTEST: Final = 10
LONGEST: Final = 200


class FirstPasswordHasher(PBKDF2PasswordHasher):
    """For passwords that we made: 79 random bits can't be guessed, so a list of 200 need not cost argon2 200 times."""

    algorithm = "first_password"
    iterations = 1_000


def new_first_password() -> str:
    """Sixteen random characters in groups of four, good to be read out: `K7QF-…`."""
    return "-".join("".join(secrets.choice(CODE_ALPHABET) for _ in range(4)) for _ in range(4))


def first_password_of(*parts: str) -> str:
    """The first password that belongs to a command's random key: a repeat is told the same, and it is nowhere kept."""
    made = salted_hmac("command.people.first_password", "\n".join(parts), algorithm="sha256").digest()
    signs = [CODE_ALPHABET[byte % len(CODE_ALPHABET)] for byte in made[:16]]  # 32 signs: each as likely as any other
    return "-".join("".join(signs[place : place + 4]) for place in range(0, 16, 4))


def checked(new: str, *, username: str) -> str:
    """The password as typed. Raises Invalid for one that is short, well known, or the person's own name."""
    if not SHORTEST <= len(new) <= LONGEST:
        raise _weak(f"密码须为 {SHORTEST} 至 {LONGEST} 个字符。")
    if username.casefold() in new.casefold() or len(set(new)) < 4:
        raise _weak("密码不能包含用户名，也不能只用很少几个字符。")
    try:
        CommonPasswordValidator().validate(new)
    except ValidationError:
        raise _weak("这个密码太常见。") from None
    return new


def _weak(detail: str) -> Invalid:
    return Invalid("password.weak", detail, field="new", rule="6", remedy="请换一个较长的、别人想不到的密码。")
