import itertools

import pytest

from tests.documents.looking import assert_well_formed, kinds, page_texts, texts

ARTICLE = r"""\documentclass[11pt]{article}
\usepackage[utf8]{inputenc} % how it is encoded
\newcommand{\R}{\mathbb{R}}
\newcommand{\norm}[2][2]{\lVert #2 \rVert_{#1}}
\def\eg{e.g.\ }
\newtheorem{thm}{Theorem}[section]
\title[Short]{Attention \& more:\\ an \emph{introduction}}
\author{Anna M\"uller \and Jos\'e Garc\'{\i}a}
\begin{document}
\maketitle
\begin{abstract}We study it---\eg in models~\cite[p.~3]{vaswani}.\end{abstract}
\tableofcontents
\section[Intro]{Introduction}\label{sec:intro}
% a comment
The loss is $\norm{x}$ for $x \in \R^n$. It costs 5\% of % a comment
\$3. See Section~\ref{sec:end}.\footnote{With a \textbf{bold} note.}

Attention is
\begin{equation}\label{eq:att}
  A = \frac{QK^\top}{\sqrt{d}} V
\end{equation}
where $Q$ is ``the query''.
\subsection*{Lists}
\begin{itemize}
  \item First \verb|x % y_z|
  \begin{enumerate} \item inner \item last \end{enumerate}
\end{itemize}
\begin{description}\item[Encoder] reads.\end{description}
\begin{table}
\caption{Results}
\begin{tabular}{l|c} \toprule Model & BLEU \\ \midrule Big {\&} best & 28.4 \\ \bottomrule
\end{tabular}
\end{table}
\begin{thm}[Pythagoras] It holds. \end{thm}
\begin{lstlisting}[language=Python]
def f(x):  # 50% of
    return {x}
\end{lstlisting}
\begin{tikzpicture}\node {hidden};\end{tikzpicture}
\textcolor{red}{Red} and \href{http://x.y}{a link}. \unknown{Kept.}
\begin{comment}
hidden
\end{comment}
\input{../../etc/passwd}
\end{document}
hidden
"""


def test_article(read):
    document = read("paper.tex", ARTICLE)
    assert document.title == "Attention & more: an introduction"
    assert kinds(document) == [
        ("heading", "Attention & more: an introduction"),
        ("paragraph", "Anna Müller, José García"),
        ("heading", "Abstract"),
        ("paragraph", "We study it—e.g. in models [vaswani, p. 3]."),
        ("heading", "Introduction"),
        (
            "paragraph",
            (
                r"The loss is $\lVert x \rVert_{2}$ for $x \in \mathbb{R}^n$. It costs 5% of $3. "
                "See Section [sec:end]."
            ),
        ),
        ("note", "Footnote: With a bold note."),
        ("paragraph", r"Attention is $A = \frac{QK^\top}{\sqrt{d}} V$ where $Q$ is “the query”."),
        ("heading", "Lists"),
        ("item", "First x % y_z"),
        ("item", "1. inner"),
        ("item", "2. last"),
        ("item", "Encoder: reads."),
        ("caption", "Results"),
        ("row", "Model: Big & best; BLEU: 28.4"),
        ("paragraph", "Theorem (Pythagoras). It holds."),
        ("code", "def f(x):  # 50% of\n    return {x}"),
        ("paragraph", "Red and a link. Kept."),
    ]
    path = ("Attention & more: an introduction", "Introduction", "Lists")
    assert document.blocks[-1].heading == path
    assert document.pages == ()
    assert_well_formed(document)


SLIDES = r"""\documentclass{beamer}
\title{Lecture 3: RNNs}
\begin{document}
\frame{\titlepage}
\section{Basics}
\begin{frame}[fragile]{Why?}{And how}
\begin{itemize}[<+->] \item<2-> Sequences \pause \item Memory \end{itemize}
\note{Tell the story.}
\begin{block}{Definition} $h_t$ \end{block}
\only<2>{Shown later.}
\end{frame}
\begin{frame}
\frametitle{Summary}
\begin{columns}\begin{column}{0.5\textwidth}Left\end{column}\end{columns}
\end{frame}
\end{document}"""


def test_frames_are_pages(read):
    document = read("week3.tex", SLIDES)
    assert document.title == "Lecture 3: RNNs"
    assert page_texts(document) == [
        "Lecture 3: RNNs",
        (
            "Basics\n\nWhy? – And how\n\nSequences\nMemory\n\nSpeaker notes: Tell the story.\n\n"
            "Definition\n\n$h_t$\n\nShown later."
        ),
        "Summary\n\nLeft",
    ]
    assert_well_formed(document)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (r"na\"ive \c{c}a \v{S}koda \ss{} \o re \'{\i}", "naïve ça Škoda ß øre í"),
        (r"a -- b --- `c' ``d'' e\_f g\,h~i \LaTeX{} j\\k", "a – b — `c' “d” e_f g h i LaTeX j\nk"),
        ("50\\% off % not\n  that", "50% off that"),
        ("a\n\n\n b", "a\n\nb"),
        (r"price \$5 and $x_1$ and \(y\) and \[z\]", "price $5 and $x_1$ and $y$ and $z$"),
        (r"unclosed $x and {y", "unclosed $x and y"),
        (r"\newcommand\hi[1]{Hello #1}\hi{you} \hi me", "Hello you Hello me"),
        (r"\renewcommand{\a}{b}\a\a c\ab", "bb c"),
        (r"\chapter{One}\input{two}", "One"),
        (r"\input{one}\include{two}", "This document includes one, two."),
    ],
)
def test_pieces(read, source, text):
    assert read("x.tex", source).text == text


def test_macros_that_double_end_soon(read):
    """Twenty-three levels of doubling would write eight million words."""
    names = [chr(ord("a") + n) for n in range(24)]
    bomb = "".join(f"\\newcommand{{\\q{a}}}{{\\q{b}\\q{b}}}" for a, b in itertools.pairwise(names))
    document = read("x.tex", rf"{bomb}\newcommand{{\qx}}{{word }}Before. \qa After.")
    assert document.text.startswith("Before.")
    assert document.text.endswith("After.")
    assert len(document.text) < 300_000


def test_a_macro_of_itself_ends(read):
    assert "After." in read("x.tex", r"\newcommand{\x}{a \x}\x After.").text


def test_a_file_without_preamble_is_read_whole(read):
    document = read("chapter2.tex", "\\section{Training}\nText.\n\\begin{theorem}A.\\end{theorem}")
    assert texts(document, "heading") == ["Training"]
    assert texts(document, "paragraph") == ["Text.", "Theorem. A."]
