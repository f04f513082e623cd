"""What a list of people holds: its columns, what offices call them, the example that stands in the template."""

from typing import Final

from command.lists import reading
from command.lists.contract import MAX_BYTES, Column, Layout, Sheet, Sort

NAME: Final = Column("姓名", others=("名字", "人员姓名", "真实姓名"))
USERNAME: Final = Column("用户名", Sort.CODE, ("账号", "帐号", "登录名", "登录账号", "登录帐号", "用户账号"))
PHONE: Final = Column(
    "手机号", Sort.PHONE, ("手机", "手机号码", "电话", "联系电话", "电话号码", "联系方式", "移动电话", "联系手机")
)
UNIT: Final = Column("单位", others=("部门", "单位名称", "部门名称", "所在单位", "所属单位", "工作单位", "所在部门"))
ROLE: Final = Column("岗位", others=("角色", "岗位名称"))
PLACE: Final = Column(
    "辖区代码", others=("辖区", "网格", "网格代码", "网格编码", "网格编号", "所属网格", "负责网格", "责任网格")
)
EXAMPLE: Final = ("王小明", "wang.xiaoming", "13800000000", "综合执法局", "联络员", "")
LAYOUT: Final = Layout("人员", (NAME, USERNAME, PHONE, UNIT, ROLE, PLACE), EXAMPLE)
COLUMNS: Final = LAYOUT.names
SHEET: Final = LAYOUT.sheet
__all__ = ["COLUMNS", "EXAMPLE", "LAYOUT", "MAX_BYTES", "SHEET", "read"]


def read(name: str, content: bytes) -> Sheet:
    """The rows of an XLSX or CSV file of people. Raises Invalid for a file that can't be read whole."""
    return reading.read(name, content, LAYOUT)
