"""What a file that ragkit does not read is, told by its suffix, and what its owner can do.

It never looks into the file.
"""

from typing import NamedTuple


class Unsupported(NamedTuple):
    """Why a type is not read."""

    what: str
    """With its article: "an old Word document"."""
    next_step: str


# What it is, the next step, and its suffixes.
_TYPES = (
    ("an old Word document", "save it as .docx",
     ".doc .dot .wps .wpd"),
    ("a Word file which may hold macros", "save it as .docx",
     ".docm .dotx .dotm"),
    ("an old PowerPoint presentation", "save it as .pptx",
     ".ppt .pps .pot"),
    ("a PowerPoint file which may hold macros", "save it as .pptx",
     ".pptm .ppsx .ppsm .potx .potm"),
    ("a spreadsheet", "export the sheets that matter as .csv",
     ".xls .xlsx .xlsm .xlsb .ods .numbers"),
    ("a Pages document", "export it as .docx or PDF",
     ".pages"),
    ("a Keynote presentation", "export it as .pptx or PDF",
     ".key"),
    ("a notebook of notes", "export it as PDF or HTML",
     ".one .onepkg .enex"),
    ("mail or a calendar", "save the text that matters as .txt, attachments beside it",
     ".eml .msg .mbox .pst .ics .vcf"),
    ("printed pages", "convert it to PDF",
     ".djvu .djv .ps .eps .xps .oxps .dvi"),
    ("an e-book", "convert it to .epub",
     ".mobi .azw .azw3 .kfx .fb2 .lit"),
    ("an archive", "unpack it beside the other documents",
     ".zip .tar .gz .tgz .bz2 .tbz2 .xz .zst .7z .rar .iso .dmg .jar .whl"),
    ("a saved web page with its pictures", "save it as HTML or PDF",
     ".mht .mhtml .webarchive .maff"),
    ("a link", "download what it points to",
     ".url .webloc .lnk .desktop .gdoc .gslides .gsheet"),
    ("a picture", "put text that matters into a document",
     (".png .jpg .jpeg .jpe .gif .bmp .webp .svg .tif .tiff .heic .heif .avif .ico .psd .ai "
     ".xcf .drawio .vsd .vsdx .odg")),
    ("a recording", "add its transcript as .srt, .vtt or .txt",
     (".mp3 .m4a .wav .ogg .oga .opus .flac .aac .wma .mid .midi .mp4 .m4v .mov .avi .mkv "
     ".webm .wmv .mpg .mpeg .3gp .flv")),
    ("data or settings", "save as .txt or .csv what should be found",
     (".json .jsonl .ndjson .xml .yaml .yml .toml .ini .cfg .conf .env .log .lock .plist .rdf "
     ".sqlite .sqlite3 .db .mdb .parquet .feather .arrow .npy .npz .pkl .pickle .h5 .hdf5 "
     ".mat .rds .rdata .dat .bin .pt .pth .onnx .safetensors .gguf .arff .dta .sav")),
    ("a text in another markup", "convert it to .md, for instance with pandoc",
     ".org .adoc .asciidoc .textile .wiki .mediawiki .typ .pod .man .texi .lyx"),
    ("a part of a LaTeX project", "nothing is lost: the .tex file or its PDF is read",
     ".bib .bbl .sty .cls .bst .aux .toc .out .ris .enl"),
    ("program code", "save as .txt what should be found",
     (".py .pyw .pyi .r .jl .m .c .h .cc .cpp .cxx .hpp .cu .java .kt .scala .go "
     ".rs .js .mjs .ts .tsx .jsx .css .scss .less .sql .sh .bash .zsh .ps1 .bat .cmd .rb .pl "
     ".php .lua .hs .ml .swift .cs .fs .f90 .f .v .vhd .asm .s .lisp .clj .ex .erl .pro "
     ".prolog .mk .cmake .gradle .vue")),
    ("not a document", "nothing is lost: it holds no text",
     (".exe .dll .so .dylib .o .a .lib .class .pyc .msi .app .apk .deb .rpm .bak .tmp .swp "
     ".part .crdownload .ttf .otf .woff .woff2 .eot")),
    ("no suffix", "if it is a text, rename it to .txt or .md",
     ""),
)  # fmt: skip
_BY_SUFFIX = {
    suffix: Unsupported(what, next_step)
    for what, next_step, suffixes in _TYPES
    for suffix in suffixes.split(" ")
}


def describe_unsupported(suffix: str) -> Unsupported | None:
    """Return what a suffix stands for, and the next step; None where nobody knows.

    >>> describe_unsupported(".DOC")
    Unsupported(what='an old Word document', next_step='save it as .docx')
    """
    return _BY_SUFFIX.get(suffix.lower())


def unsupported_reason(suffix: str) -> str:
    """Return why a file is skipped, with the next step where there is one, on one line.

    Files of one kind get the same words, whatever their suffix, so that they can be told together.

    >>> unsupported_reason(".mp4")
    'unsupported type (a recording); add its transcript as .srt, .vtt or .txt'
    >>> unsupported_reason(".zzz")
    'unsupported type'
    """
    known = describe_unsupported(suffix)
    return f"unsupported type ({known.what}); {known.next_step}" if known else "unsupported type"
