"""What a list of units holds: its columns, what offices call them, and the Chinese words for kinds and stationing."""

from collections.abc import Mapping
from typing import Final

from command.lists.contract import Column, Layout, Sort
from command.units.departments import Kind, Stationing

NAME: Final = Column("名称", others=("单位名称", "机构名称", "全称", "单位全称", "部门名称", "单位"))
SHORT: Final = Column("简称", others=("单位简称",), needed=False)
KIND: Final = Column("类别", others=("单位类别", "类型", "单位类型", "机构类型"))
CODE: Final = Column(
    "代码", Sort.CODE, ("单位代码", "编码", "单位编码", "机构代码", "区划代码", "统计用区划代码"), False
)
ABOVE: Final = Column("上级", others=("所属镇街", "镇街", "乡镇街道", "所属乡镇", "所属街道", "上级单位"), needed=False)
PLACE: Final = Column("辖区", others=("辖区代码", "所辖镇街或村社", "所辖", "管辖范围"), needed=False)
WAY: Final = Column("驻场方式", others=("入驻方式", "进驻方式"), needed=False)
EXAMPLE: Final = ("示例镇综治中心", "示例镇", "镇街综治中心", "330000001", "", "330000001", "云驻")
LAYOUT: Final = Layout("单位", (NAME, SHORT, KIND, CODE, ABOVE, PLACE, WAY), EXAMPLE)

KINDS_TOLD: Final = tuple(kind.zh for kind in Kind if kind is not Kind.DESK)  # every centre has its desk already
KIND_ZH: Final[Mapping[str, Kind]] = {
    **{kind.zh: kind for kind in Kind if kind is not Kind.DESK},
    **dict.fromkeys(("镇街", "乡镇", "街道", "镇", "乡"), Kind.TOWNSHIP_CENTRE),
    **dict.fromkeys(("村社", "社区", "村", "行政村"), Kind.COMMUNITY_CENTRE),
    **dict.fromkeys(("调解委员会", "调委会"), Kind.MEDIATION_COMMITTEE),
    **dict.fromkeys(("群团", "企业", "社会组织"), Kind.GROUP),
}
WAY_ZH: Final[Mapping[str, Stationing]] = {way.zh: way for way in Stationing}
