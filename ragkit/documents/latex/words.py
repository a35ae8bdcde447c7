r"""What commands and environments of LaTeX mean for the text, as tables."""

LEVELS = {
    "part": 1, "chapter": 2, "section": 3, "subsection": 4, "subsubsection": 5, "paragraph": 6,
    "subparagraph": 6,
}  # fmt: skip
"""Of headings; the title of the document has level 1."""
FRAME_LEVEL = 5

VERBATIM = {
    "verbatim": False, "verbatim*": False, "Verbatim": True, "BVerbatim": True, "lstlisting": True,
    "minted": True, "alltt": False, "pyglist": True, "code": False,
    "spec": False, "comment": False, "filecontents": True,
    "filecontents*": True,
}  # fmt: skip
"""Environments that print what they hold, with whether options may follow their beginning."""

FORMULAS = frozenset(
    name + star
    for name in (
        "equation align gather multline eqnarray displaymath math flalign alignat dmath "
        "empheq subequations IEEEeqnarray".split()
    )
    for star in ("", "*")
)
TABLES = {
    "tabular": 1, "tabular*": 2, "tabularx": 2, "tabulary": 2, "longtable": 1, "supertabular": 1,
    "tblr": 1, "longtblr": 1, "NiceTabular": 1,
}  # fmt: skip
"""With how many arguments come before the cells."""
LISTS = {
    "itemize": "", "enumerate": "1", "description": ":", "compactitem": "", "compactenum": "1",
    "inparaenum": "1", "itemize*": "", "enumerate*": "1", "tasks": "1", "questions": "1",
}  # fmt: skip
DRAWINGS = frozenset(
    "tikzpicture pgfpicture axis forest circuitikz picture pspicture tikzcd feynman asy diagram "
    "tableofcontents".split()
)
THEOREMS = {
    name: name.capitalize()
    for name in (
        "theorem lemma definition proposition corollary proof remark example exercise problem "
        "solution claim conjecture axiom observation assumption fact note question answer".split()
    )
}
TITLED_BOXES = frozenset(("block", "alertblock", "exampleblock"))
ENVIRONMENT_ARGUMENTS = {
    "minipage": 1, "multicols": 1, "wrapfigure": 2, "adjustbox": 1, "column": 1, "spacing": 1,
    "thebibliography": 1, "adjustwidth": 2, "subfigure": 1, "subtable": 1, "beamercolorbox": 1,
    "list": 2, "parbox": 1, "overlayarea": 2, "textblock": 1,
}  # fmt: skip

_DROPPED = (
    (0, (
        "centering raggedright raggedleft noindent indent newpage clearpage cleardoublepage "
        "hline toprule midrule bottomrule tableofcontents listoffigures listoftables appendix "
        "pause hfill vfill smallskip medskip bigskip small large normalsize tiny footnotesize "
        "scriptsize Large LARGE huge Huge bfseries itshape ttfamily sffamily rmfamily em it "
        "bf tt sf sc protect relax frontmatter mainmatter backmatter printbibliography "
        "onecolumn twocolumn qedhere qed endhead endfirsthead endfoot endlastfoot hfil "
        "dotfill hrulefill pagebreak nopagebreak today else fi makeatletter makeatother "
        "justify singlespacing doublespacing onehalfspacing FloatBarrier columnbreak "
        "footnotemark makebox texorpdfstring alert emph"
    )),
    (1, (
        "label vspace hspace usepackage RequirePackage documentclass bibliographystyle "
        "bibliography input include includeonly subfile pagestyle thispagestyle "
        "includegraphics index glsadd color pagecolor cline cmidrule graphicspath hypersetup "
        "usetheme usecolortheme usefonttheme useoutertheme useinnertheme logo pagenumbering "
        "phantom vphantom hphantom usetikzlibrary tikzset pgfplotsset lstset setminted "
        "geometry newcounter stepcounter refstepcounter addbibresource nocite selectlanguage "
        "captionsetup linespread hyphenation theoremstyle titlegraphic AtBeginSection "
        "setmainfont setsansfont setmonofont lstinputlisting verbatiminput rowcolor cellcolor "
        "newif newlength raisebox scalebox textcolor colorbox href foreignlanguage parbox "
        "hyperlink hypertarget setstretch"
    )),
    (2, (
        "setlength addtolength setcounter addtocounter resizebox rule setbeamercolor "
        "setbeamerfont setbeamertemplate numberwithin colorlet fontsize markboth "
        "lstdefinestyle newcolumntype lstdefinelanguage multirow multicolumn setbeamersize "
        "newglossaryentry"
    )),
    (3, (
        "addcontentsline definecolor newacronym"
    )),
    (5, (
        "titleformat"
    )),
)  # fmt: skip
DROPPED_ARGUMENTS = {name: count for count, names in _DROPPED for name in names.split()}
"""How many arguments of a command say nothing to a reader; any others are read as text."""
CITATIONS = frozenset(
    "cite citep citet citeauthor citeyear citeyearpar parencite textcite autocite footcite "
    "citealp citealt Citet Citep ref eqref autoref cref Cref pageref nameref vref subref "
    "prettyref".split()
)
SYMBOLS = {
    "ldots": "…", "dots": "…", "textellipsis": "…", "ss": "ß", "ae": "æ", "AE": "Æ", "oe": "œ",
    "OE": "Œ", "o": "ø", "O": "Ø", "l": "ł", "L": "Ł", "aa": "å", "AA": "Å", "i": "ı", "j": "ȷ",
    "S": "§", "P": "¶", "dag": "†", "ddag": "‡", "copyright": "©", "textregistered": "®",
    "texttrademark": "™", "pounds": "£", "euro": "€", "EUR": "€", "textdegree": "°", "degree": "°",
    "textbackslash": "\\", "textasciitilde": "~", "textasciicircum": "^", "textbar": "|",
    "textless": "<", "textgreater": ">", "textendash": "–", "textemdash": "—", "textbullet": "•",
    "textquotedblleft": "“", "textquotedblright": "”", "textquoteleft": "‘", "textquoteright": "’",
    "LaTeX": "LaTeX", "TeX": "TeX", "BibTeX": "BibTeX", "quad": " ", "qquad": " ", "space": " ",
    "newline": "\n", "linebreak": "\n", "tab": " ", "guillemotleft": "«", "guillemotright": "»",
    "textunderscore": "_", "lbrack": "[", "rbrack": "]", "slash": "/", "checkmark": "✓",
    "and": ", ", "textmu": "μ", "textpm": "±", "texttimes": "×", "rightarrow": "→",
    "Rightarrow": "⇒", "to": "→",
}  # fmt: skip
ACCENTS = {
    "'": "\u0301", "`": "\u0300", "^": "\u0302", '"': "\u0308", "~": "\u0303", "=": "\u0304",
    ".": "\u0307", "c": "\u0327", "v": "\u030c", "u": "\u0306", "H": "\u030b", "k": "\u0328",
    "r": "\u030a", "d": "\u0323", "b": "\u0331",
}  # fmt: skip
STEPS = {
    "State": "", "STATE": "", "For": "for ", "FOR": "for ", "ForAll": "for all ", "While": "while ",
    "WHILE": "while ", "If": "if ", "IF": "if ", "ElsIf": "else if ", "ELSIF": "else if ",
    "Else": "else ", "ELSE": "else ", "Return": "return ", "RETURN": "return ", "EndFor": "end for",
    "ENDFOR": "end for", "EndIf": "end if", "ENDIF": "end if", "EndWhile": "end while",
    "ENDWHILE": "end while", "Require": "Require: ", "REQUIRE": "Require: ", "Ensure": "Ensure: ",
    "ENSURE": "Ensure: ", "Function": "function ", "EndFunction": "end function",
    "Procedure": "procedure ", "EndProcedure": "end procedure", "Repeat": "repeat",
    "REPEAT": "repeat", "Until": "until ", "UNTIL": "until ", "Comment": "# ", "COMMENT": "# ",
    "KwIn": "Input: ", "KwOut": "Output: ", "KwData": "Data: ", "KwResult": "Result: ",
    "uIf": "if ", "eIf": "if ", "KwRet": "return ",
}  # fmt: skip
"""Commands of algorithms, each of which begins a line."""
