/* SPDX-License-Identifier: MIT
 *
 * Spacing is left to the browser's operator dictionary, except where TeX knows
 * better: a minus without a left operand, and the thin space around log.
 * Chromium does not honour mathvariant: bold and blackboard letters are
 * Unicode's.
 */
#include "press/symbols.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>

static const Symbol characters[] = {
    { "+", BINARY, "+" }, { "-", BINARY, "−" }, { "*", BINARY, "∗" },
    { "/", PLAIN, "/" }, { "=", RELATION, "=" }, { "<", RELATION, "&lt;" },
    { ">", RELATION, "&gt;" }, { ":", RELATION, ":" }, { "!", CLOSE, "!" },
    { ",", PUNCTUATION, "," }, { ";", PUNCTUATION, ";" }, { ".", PLAIN, "." },
    { "(", OPEN, "(" }, { ")", CLOSE, ")" }, { "[", OPEN, "[" },
    { "]", CLOSE, "]" }, { "|", PLAIN, "|" }, { "~", SPACE, "0.25em" },
    { NULL, NONE, NULL }
};

static const Symbol commands[] = {
    { "alpha", LETTER, "α" }, { "beta", LETTER, "β" }, { "gamma", LETTER, "γ" },
    { "delta", LETTER, "δ" }, { "epsilon", LETTER, "ϵ" },
    { "varepsilon", LETTER, "ε" }, { "zeta", LETTER, "ζ" },
    { "eta", LETTER, "η" }, { "theta", LETTER, "θ" }, { "iota", LETTER, "ι" },
    { "kappa", LETTER, "κ" }, { "lambda", LETTER, "λ" }, { "mu", LETTER, "μ" },
    { "nu", LETTER, "ν" }, { "xi", LETTER, "ξ" }, { "pi", LETTER, "π" },
    { "rho", LETTER, "ρ" }, { "sigma", LETTER, "σ" }, { "tau", LETTER, "τ" },
    { "phi", LETTER, "ϕ" }, { "varphi", LETTER, "φ" }, { "chi", LETTER, "χ" },
    { "psi", LETTER, "ψ" }, { "omega", LETTER, "ω" }, { "ell", LETTER, "ℓ" },
    { "Gamma", UPRIGHT, "Γ" }, { "Delta", UPRIGHT, "Δ" },
    { "Theta", UPRIGHT, "Θ" }, { "Lambda", UPRIGHT, "Λ" },
    { "Xi", UPRIGHT, "Ξ" }, { "Pi", UPRIGHT, "Π" }, { "Sigma", UPRIGHT, "Σ" },
    { "Phi", UPRIGHT, "Φ" }, { "Psi", UPRIGHT, "Ψ" }, { "Omega", UPRIGHT, "Ω" },
    { "partial", LETTER, "∂" }, { "nabla", UPRIGHT, "∇" },
    { "infty", UPRIGHT, "∞" }, { "top", UPRIGHT, "⊤" }, { "prime", PLAIN, "′" },
    { "dots", UPRIGHT, "…" }, { "ldots", UPRIGHT, "…" },
    { "cdots", UPRIGHT, "⋯" }, { "vdots", UPRIGHT, "⋮" },
    { "ddots", UPRIGHT, "⋱" }, { "forall", UPRIGHT, "∀" },
    { "exists", UPRIGHT, "∃" }, { "circ", BINARY, "∘" },
    { "cdot", BINARY, "⋅" }, { "times", BINARY, "×" }, { "odot", BINARY, "⊙" },
    { "otimes", BINARY, "⊗" }, { "oplus", BINARY, "⊕" }, { "ast", BINARY, "∗" },
    { "star", BINARY, "⋆" }, { "pm", BINARY, "±" }, { "mp", BINARY, "∓" },
    { "cup", BINARY, "∪" }, { "cap", BINARY, "∩" },
    { "setminus", BINARY, "∖" }, { "to", RELATION, "→" },
    { "gets", RELATION, "←" }, { "leftarrow", RELATION, "←" },
    { "rightarrow", RELATION, "→" }, { "mapsto", RELATION, "↦" },
    { "Rightarrow", RELATION, "⇒" }, { "iff", RELATION, "⟺" },
    { "in", RELATION, "∈" }, { "notin", RELATION, "∉" },
    { "subset", RELATION, "⊂" }, { "le", RELATION, "≤" },
    { "leq", RELATION, "≤" }, { "ge", RELATION, "≥" }, { "geq", RELATION, "≥" },
    { "ll", RELATION, "≪" }, { "gg", RELATION, "≫" }, { "ne", RELATION, "≠" },
    { "neq", RELATION, "≠" }, { "approx", RELATION, "≈" },
    { "sim", RELATION, "∼" }, { "equiv", RELATION, "≡" },
    { "propto", RELATION, "∝" }, { "mid", RELATION, "∣" },
    { "{", OPEN, "{" }, { "}", CLOSE, "}" }, { "|", PLAIN, "‖" },
    { "lfloor", OPEN, "⌊" }, { "rfloor", CLOSE, "⌋" }, { "lceil", OPEN, "⌈" },
    { "rceil", CLOSE, "⌉" }, { "langle", OPEN, "⟨" }, { "rangle", CLOSE, "⟩" },
    { "%", UPRIGHT, "%" }, { "#", UPRIGHT, "#" }, { "_", UPRIGHT, "_" },
    { "&", UPRIGHT, "&amp;" }, { "$", UPRIGHT, "$" },
    { "sum", SUM, "∑" }, { "prod", SUM, "∏" }, { "int", INTEGRAL, "∫" },
    { "exp", NAME, "exp" }, { "log", NAME, "log" }, { "ln", NAME, "ln" },
    { "sin", NAME, "sin" }, { "cos", NAME, "cos" }, { "tan", NAME, "tan" },
    { "tanh", NAME, "tanh" }, { "arg", NAME, "arg" }, { "Pr", NAME, "Pr" },
    { "max", LIMIT_NAME, "max" }, { "min", LIMIT_NAME, "min" },
    { "lim", LIMIT_NAME, "lim" }, { "operatorname", OPERATOR_NAME, "" },
    { ",", SPACE, "0.1667em" }, { ":", SPACE, "0.2222em" },
    { ";", SPACE, "0.2778em" }, { "!", SPACE, "-0.1667em" },
    { " ", SPACE, "0.25em" }, { "quad", SPACE, "1em" },
    { "qquad", SPACE, "2em" },
    { "hat", ACCENT, "^" }, { "tilde", ACCENT, "~" }, { "bar", ACCENT, "¯" },
    { "vec", ACCENT, "→" }, { "dot", ACCENT, "˙" },
    { "underbrace", BRACE, "⏟" }, { "overbrace", BRACE, "⏞" },
    { "mathbf", FONT, "b" }, { "mathbb", FONT, "B" }, { "mathcal", FONT, "c" },
    { "mathrm", FONT, "r" }, { "text", WORDS, "" }, { "frac", FRACTION, "" },
    { "sqrt", ROOT, "" }, { "left", FENCE, "" }, { "begin", BEGIN, "" },
    { NULL, NONE, NULL }
};

const Symbol *symbol_find(bool command, const char *name, int length)
{
    const Symbol *s = command ? commands : characters;

    while (s->name && !(strncmp(s->name, name, (size_t)length) == 0
                        && s->name[length] == '\0'))
        s++;
    return s->name ? s : NULL;
}

/* Bold, blackboard and calligraphic letters stand in blocks of their own,
 * except those that Unicode had before. */
unsigned symbol_in_font(char font, unsigned char c)
{
    static const struct { char font, c; unsigned code; } early[] = {
        { 'B', 'C', 0x2102 }, { 'B', 'H', 0x210D }, { 'B', 'N', 0x2115 },
        { 'B', 'P', 0x2119 }, { 'B', 'Q', 0x211A }, { 'B', 'R', 0x211D },
        { 'B', 'Z', 0x2124 }, { 'c', 'B', 0x212C }, { 'c', 'E', 0x2130 },
        { 'c', 'F', 0x2131 }, { 'c', 'H', 0x210B }, { 'c', 'I', 0x2110 },
        { 'c', 'L', 0x2112 }, { 'c', 'M', 0x2133 }, { 'c', 'R', 0x211B }
    };
    static const struct {
        char font;
        unsigned upper, lower, digit;
    } blocks[] = {
        { 'b', 0x1D400, 0x1D41A, 0x1D7CE }, { 'B', 0x1D538, 0x1D552, 0x1D7D8 },
        { 'c', 0x1D49C, 0, 0 }, { 'r', 'A', 'a', '0' }
    };
    int i = 0;

    for (size_t e = 0; e < sizeof early / sizeof *early; e++)
        if (early[e].font == font && early[e].c == c)
            return early[e].code;
    while (blocks[i].font != font)
        i++;
    if (isupper(c))
        return blocks[i].upper + c - 'A';
    if (islower(c) && blocks[i].lower)
        return blocks[i].lower + c - 'a';
    return isdigit(c) && blocks[i].digit ? blocks[i].digit + c - '0' : 0;
}

static bool is_name(Kind k)
{
    return k == NAME || k == LIMIT_NAME;
}

static bool is_operand(Kind k)
{
    return k == LETTER || k == UPRIGHT || k == FRACTION;
}

bool symbol_thin_space(Kind before, Kind now)
{
    const bool ended = is_operand(before) || is_name(before) || before == PLAIN
                    || before == CLOSE || before == FENCE;

    return (is_name(now) && ended)
        || (is_name(before) && is_operand(now))
        || (before == FENCE && is_operand(now))
        || (before == FRACTION && (is_operand(now) || now == FENCE))
        || (now == FRACTION && ended);
}

/* Nothing stands to the left that a + or - could join to its right. */
static bool no_left_operand(Kind before)
{
    return before == NONE || before == BINARY || before == RELATION
        || before == OPEN || before == PUNCTUATION || is_name(before);
}

Kind symbol_mathml(Text *out, const Symbol *s, Kind before, bool in_script)
{
    static const char *const elements[] = {
        [LETTER] = "<mi>%s</mi>",
        [UPRIGHT] = "<mi mathvariant=\"normal\">%s</mi>",
        [PLAIN] = "<mo stretchy=\"false\" lspace=\"0\" rspace=\"0\">%s</mo>",
        [BINARY] = "<mo>%s</mo>", [RELATION] = "<mo>%s</mo>",
        [OPEN] = "<mo stretchy=\"false\">%s</mo>",
        [CLOSE] = "<mo stretchy=\"false\">%s</mo>",
        [PUNCTUATION] = "<mo>%s</mo>", [INTEGRAL] = "<mo>%s</mo>",
        [SUM] = "<mo>%s</mo>", [NAME] = "<mi>%s</mi>",
        [LIMIT_NAME] =
            "<mo movablelimits=\"true\" lspace=\"0\" rspace=\"0\">%s</mo>",
        [SPACE] = "<mspace width=\"%s\"/>",
    };
    const char *tight = "<mo%s lspace=\"0\" rspace=\"0\">%s</mo>";

    if (s->kind == BINARY && no_left_operand(before)) {
        text_add(out, tight, " form=\"prefix\"", s->text);
        return PLAIN;
    }
    if (in_script && (s->kind == BINARY || s->kind == RELATION
                      || s->kind == PUNCTUATION))
        text_add(out, tight, "", s->text);
    else
        text_add(out, elements[s->kind], s->text);
    return s->kind;
}
