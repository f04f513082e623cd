"""What a message is, and on what grounds one is struck out. Pure. Source: docs/rules.md, "Messages"."""

from realtime.words import Word


class Kind(Word):
    """What is written."""

    MESSAGE = "message", "留言"
    PROGRESS = "progress", "办理进展"  # how far a unit has come; it asks nothing


class StrikeGround(Word):
    """Why a message is struck out (划去). It stays legible."""

    MISTAKEN = "mistaken", "内容有误"
    ELSEWHERE = "elsewhere", "发错事项或对象"
    TWICE = "twice", "重复"
    OFF_THE_MATTER = "off_the_matter", "与事项无关"


class Deed(Word):
    """What may be done about a message that stands there."""

    ANSWER = "answer", "答复"
    STRIKE = "strike", "划去"
