"""Words of criminal and public-order cases: what the police keep, and no non-police push may bring. Pure.

Source: docs/rules.md, "Channels": only matters outside police powers come from the 110 desk; cases under the Criminal
Law (刑法) and the Public Security Administration Punishments Law (治安管理处罚法) stay there.
A denied word (未发生打架), or one that names a measure against it (防诈骗宣传), does not count.
"""

import re
from typing import Final

from dispatch.matter.texts.written import unparted

KIND: Final = "public_security"  # of catalogue items: fights, theft, fraud, vice, domestic violence, bullying

_CASE: Final = re.compile(
    r"群架|扭打|厮打|械斗|持械|持棍|行凶|恐吓|淫秽|色情|裸聊|酒后驾驶|醉酒驾驶|"
    r"偷东西|偷钱|偷电|偷车|行窃|失窃|撬门|进贼|骗钱|抢包|抢手机|抢走|毁坏财物|打架(?!子)|"
    r"斗殴|互殴|群殴|殴打|打伤|动手打|打起来|拿着刀|持刀|动刀|砍人|砍伤|捅人|捅伤|"
    r"刺伤|杀人|杀害|凶杀|奸杀|谋杀|被杀(?![虫菌毒])|砍死|捅死|勒死|枪击|轮奸|露阴|咸猪手|命案|绑架|投毒|纵火|放火|抢劫|抢夺|盗窃|被盗|盗走|偷窃|"
    r"被偷|偷走|小偷|窃贼|扒窃|入室|诈骗|电诈|敲诈|寻衅|滋事|闹事|聚众|涉黑|涉恶|"
    r"黑社会|恶势力|邪教|传销|洗钱|走私|赌博|聚赌|赌场|吸毒|贩毒|制毒|毒品|冰毒|海洛因|摇头丸|假币|盗刷|套路贷|非法集资|卖淫|"
    r"嫖娼|招嫖|强奸|猥亵|性侵|偷拍|拐卖|拐骗|偷了|偷电缆|赌钱|刷单|杀猪盘|虐待|"
    r"霸凌|欺凌|罂粟|气枪|弓弩|打老婆|打骂孩子|被老公打|被丈夫打|家暴|家庭暴力|"
    r"非法拘禁|限制人身自由|非法侵入|故意伤害|故意毁坏|妨害公务|袭警|爆炸物|炸药|枪支|"
    r"弹药|管制刀具|酒驾|醉驾|毒驾|肇事逃逸|无证驾驶|刑事案件|治安案件|刑拘|嫌疑人|"
    r"犯罪|动手了|动起手|跟踪尾随|尾随|被骗|骗走|骗了|骗我|诈了|挨打|围殴|抢钱|偷拿|"
    r"打人(?!工|员)|被打(?![扰断开破湿包造乱通磨印上成折碎坏烂])|勒索(?!病毒)|被抢(?![修救险占购先])"
)
_NONE: Final = re.compile(
    r"(?:未(?:曾|有|见|发生|涉及)?|没(?:有)?(?:发生)?|无|防(?:范|止)?|反|预防|避免|严禁|不是|不属于?|不涉及?|并非)$"
)
_BEFORE: Final = 4


def police_matter_in(text: str) -> str | None:
    """The first word of a criminal or public-order case in the text, with blanks and unseen signs in it or without."""
    plain, _ = unparted(" ".join(text.splitlines()))
    for found in _CASE.finditer(plain):
        if not _NONE.search(plain[max(0, found.start() - _BEFORE) : found.start()]):
            return found[0]
    return None
