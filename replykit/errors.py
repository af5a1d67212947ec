"""Every error that replykit raises on purpose: a code, what happened, and what to do about it.

ReplykitError
|-- InputError     E1xx  the text, file or row that was handed in
|-- ConfigError    E2xx  replykit.toml or an option          (names file:line)
|   `-- PolicyError  E25x  a store's policy.toml             (names file:line)
|-- PluginError    E3xx  a plugin failed to load or raised
|-- PromptError    E4xx  a template or a prompt
|-- BackendError   E5xx  a language model                    (no code in use yet)
|-- StoreError     E6xx  what outlives a process             (no code in use yet)
`-- InboxError     E7xx  mail and helpdesks                  (no code in use yet)
"""

from __future__ import annotations

EXIT_CLEAN = 0
EXIT_FINDINGS = 1
EXIT_USAGE = 2
EXIT_FAILURE = 3

CODES: dict[str, str] = {
    "E101": "a file cannot be read",
    "E102": "a text is not UTF-8",
    "E103": "a text is too long",
    "E104": "a row of a batch cannot be read",
    "E105": "a value of an option or argument is not one of those known",
    "E106": "an order file does not fit its schema",
    "E107": "a table's kind is not known by its ending",
    "E108": "a package for an optional feature is missing",
    "E109": "an output cannot be written",
    "E110": "a row of labelled messages is wrong",
    "E111": "an encoder to train from cannot be had",
    "E112": "there are too few labelled rows to train on",
    "E201": "a configuration file is not TOML",
    "E202": "a configuration key or value is wrong",
    "E203": "a store, writer, rule or region that is named is not registered",
    "E251": "a policy file is not TOML",
    "E252": "a policy key or value is wrong",
    "E301": "a plugin failed to load",
    "E302": "a plugin registered a key that another one holds",
    "E303": "a plugin's component raised",
    "E304": "a plugin has a hook that does not exist",
    "E305": "a lexicon file is wrong",
    "E306": "a rule file is wrong",
    "E307": "a pack's examples file is wrong",
    "E308": "a folder of a trained reader is wrong",
    "E401": "a template uses an unknown variable",
    "E402": "a template or wording file is wrong or missing",
    "E403": "a draft says what the plan does not hold, and no writer could mend it",
}


class ReplykitError(Exception):
    """The root: `code` is stable, `hint` says what to do next."""

    exit_code = EXIT_FAILURE

    def __init__(self, code: str, message: str, hint: str = "") -> None:
        if code not in CODES:
            raise ValueError(f"{code} is not in errors.CODES")
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.code}: {self.message}" + (f" ({self.hint})" if self.hint else "")

    def __reduce__(self) -> tuple[object, ...]:
        """Cross a process boundary whole."""
        return type(self), (self.code, self.message, self.hint)


class InputError(ReplykitError):
    """What was handed in cannot be used."""

    exit_code = EXIT_USAGE


class ConfigError(ReplykitError):
    """The configuration is wrong; the message begins with file:line where there is a file."""

    exit_code = EXIT_USAGE


class PolicyError(ConfigError):
    """A store's policy is wrong; the message begins with file:line."""


class PluginError(ReplykitError):
    """A plugin failed to load, clashed with another one, or raised."""


class PromptError(ReplykitError):
    """A template or a prompt is wrong."""

    exit_code = EXIT_USAGE
