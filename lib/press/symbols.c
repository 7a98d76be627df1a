/* SPDX-License-Identifier: MIT */
#include "press/symbols.h"

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
