"""What a list of units holds: its columns, what offices call them, and the Chinese words for kinds and stationing."""

from collections.abc import Mapping
from typing import Final

from command.lists.contract import Column, Layout, Sort
from command.organisations.departments import Kind, Stationing

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

KIND_ZH: Final[Mapping[str, Kind]] = {
    "部门": Kind.DEPARTMENT,
    "镇街综治中心": Kind.TOWNSHIP_CENTRE,
    "镇街": Kind.TOWNSHIP_CENTRE,
    "乡镇": Kind.TOWNSHIP_CENTRE,
    "街道": Kind.TOWNSHIP_CENTRE,
    "镇": Kind.TOWNSHIP_CENTRE,
    "乡": Kind.TOWNSHIP_CENTRE,
    "村社综治中心": Kind.COMMUNITY_CENTRE,
    "村社": Kind.COMMUNITY_CENTRE,
    "社区": Kind.COMMUNITY_CENTRE,
    "村": Kind.COMMUNITY_CENTRE,
    "行政村": Kind.COMMUNITY_CENTRE,
    "人民调解委员会": Kind.MEDIATION_COMMITTEE,
    "调解委员会": Kind.MEDIATION_COMMITTEE,
    "调委会": Kind.MEDIATION_COMMITTEE,
    "司法机关": Kind.JUDICIAL,
    "群团与企业": Kind.GROUP,
    "群团": Kind.GROUP,
    "企业": Kind.GROUP,
    "社会组织": Kind.GROUP,
}
WAY_ZH: Final[Mapping[str, Stationing]] = {
    "常驻": Stationing.RESIDENT,
    "轮驻": Stationing.ROTATING,
    "联驻": Stationing.JOINT,
    "云驻": Stationing.CLOUD,
    "随叫随驻": Stationing.ON_CALL,
    "邀驻": Stationing.INVITED,
}
KINDS_TOLD: Final = ("部门", "镇街综治中心", "村社综治中心", "人民调解委员会", "司法机关", "群团与企业")
