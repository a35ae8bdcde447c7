"""What the control words of RTF mean for the text, as tables.

Source: Rich Text Format Specification 1.9.1.
"""

CHARACTERS = {
    "emdash": "—", "endash": "–", "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”",
    "bullet": "•", "tab": " ", "line": "\n", "lbr": "\n", "emspace": " ", "enspace": " ",
    "qmspace": " ", "nestcell": " ", "softline": "\n",
}  # fmt: skip
SYMBOLS = {"~": "\u00a0", "_": "-", "{": "{", "}": "}", "\\": "\\", "\t": " "}

# Groups whose text is no part of the page, and such as a page repeats.
SKIPPED = frozenset(
    "colortbl pict objdata header headerl headerr headerf footer footerl footerr footerf ftnsep "
    "ftnsepc ftncn aftnsep aftnsepc aftncn private1 xe tc rxe template filetbl nonshppict "
    "shprslt docvar annotation atnid atnauthor atrfstart atrfend mmathPr author operator company "
    "subject keywords comment doccomm category manager creatim revtim printim buptim pn upr "
    "nonesttables fldinst revtbl listtable listoverridetable rsidtbl xmlnstbl bkmkstart bkmkend "
    "background themedata datastore generator datafield formfield fchars lchars".split()
)
# Groups that a reader who does not know them must skip, but whose text belongs to the page.
STARRED_TEXT = frozenset("shptxt ud shppict2 moMath moMathPara nesttableprops2 atnref2".split())

CHARSETS = {
    0: "cp1252", 77: "mac_roman", 128: "cp932", 129: "cp949", 130: "johab", 134: "gb18030",
    136: "cp950", 161: "cp1253", 162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256",
    186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250", 254: "cp437", 255: "cp850",
}  # fmt: skip
SYMBOL_CHARSET = 2
CODE_PAGES = {"mac": "mac_roman", "pc": "cp437", "pca": "cp850", "ansi": "cp1252"}


def code_page(number: int) -> str:
    """Return Python's name of a Windows code page; that of Western Europe where there is none.

    >>> code_page(1251), code_page(65001), code_page(-3)
    ('cp1251', 'utf-8', 'cp1252')
    """
    special = {65001: "utf-8", 10000: "mac_roman", 936: "gb18030", 1361: "johab"}
    known = {437, 850, 852, 855, 857, 860, 861, 862, 863, 864, 865, 866, 874, 932, 949, 950}
    if number in special:
        return special[number]
    return f"cp{number}" if number in known or 1250 <= number <= 1258 else "cp1252"
