"""The main job: read a message, make an analysis, settle a plan, word a draft, guard it, review it, return a reply."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from replykit import analysis, drafting, guard, hookspecs, intake, loader, packs, planning, review, script, wire
from replykit.config import Config, load_config
from replykit.errors import ConfigError, PluginError
from replykit.policy import Policy, fitting
from replykit.registry import Registry
from replykit.review import ReviewOptions
from replykit.rules import Outgoing, Rule
from replykit.types import Analysis, Message, Order, Region, Reply, Review, Thread


class Kit:
    """One store's toolkit: plugins, settings and stages. Build it once with `Kit.load()`, use it for many messages."""

    def __init__(self, config: Config, extra: Iterable[object] = ()) -> None:
        self.config = config
        self.registry = Registry()
        self.hooks, self.plugins = loader.load(config, self.registry.by_hook, packs.FolderPack, extra)
        self.warnings = tuple(f"plugin {one.name!r}: {one.error}" for one in self.plugins if one.error)
        failed = "; ".join(self.warnings)
        self.policies = self.registry.policies
        self.policy = self.policies.named(config.store, "store", failed) if config.store else None
        if config.writer != drafting.TemplateWriter.name:
            self.registry.writers.named(config.writer, "writer", "; ".join(filter(None, ("template", failed))))

    @classmethod
    def load(
        cls,
        *,
        store: str | None = None,
        region: Region | None = None,
        role: str | None = None,
        writer: str | None = None,
        config: Config | None = None,
        plugins: Iterable[object] = (),
    ) -> Kit:
        """Build a kit from `replykit.toml` (or `config`), arguments over it, `plugins` beside the installed ones.

        Raises ConfigError (E2xx) for a wrong file or an unknown store or writer, PluginError E302 for a clash.
        """
        given = {"store": store, "region": region, "role": role, "writer": writer}
        settings = {key: value for key, value in given.items() if value is not None}
        return cls(replace(config or load_config(), **settings), plugins)  # type: ignore[arg-type]

    @property
    def rules(self) -> tuple[Rule, ...]:
        """Every registered review rule, by code."""
        return tuple(self.registry.rules.values())

    def analyze(self, message: str | Message, *, now: datetime | None = None) -> Analysis:
        """Return what is read out of a message. Raises InputError E103 for one of over 100,000 characters."""
        return self._analyze(intake.message(message), now)

    def reply(
        self, message: str | Message | Thread, *, order: Order | None = None, now: datetime | None = None
    ) -> Reply:
        """Return a drafted and reviewed reply with everything that led to it.

        Raises InputError E103 for a text that is too long, PromptError E403 when no writer words the plan as decided.
        """
        thread = message if isinstance(message, Thread) else Thread(intake.message(message))
        intake.message(thread.message)
        read = self._analyze(thread.message, now)
        policy = self.policy_for(read.region)
        at = intake.clock(now, policy.timezone)
        known = order or thread.order
        facts, more = (known, ()) if known else self._order(thread.message)
        thread = replace(thread, order=facts)
        plan = planning.plan(read, facts, policy, self.config.role, at)
        region = self.config.region or read.region
        brief = hookspecs.Brief(thread, read.certain(), plan, policy, region, at, intake.variant(thread.message))
        draft, notes = guard.worded(brief, self._writers(policy, region))
        outgoing = Outgoing(draft.text, region, at, self.config.role, thread.message.text, read, policy, facts)
        reviewed = review.review(outgoing, self.rules, self._review_options())
        reply = Reply(read, plan, draft, reviewed, (*read.warnings, *more, *notes, *reviewed.warnings))
        return replace(reply, warnings=(*reply.warnings, *self._observe(reply)))

    def review(
        self,
        reply: str,
        *,
        message: str | None = None,
        order: Order | None = None,
        now: datetime | None = None,
        select: Iterable[str] = (),
        ignore: Iterable[str] = (),
    ) -> Review:
        """Return what the rules find in a reply; a rule without its message or policy is listed as not run."""
        outgoing = self._outgoing(reply, message, order, now)
        return review.review(outgoing, self.rules, self._review_options(select, ignore))

    def fix(self, reply: str, **context: Any) -> str:
        """Return `reply` with every safe fix applied; `context` as for `review`."""
        return review.apply_fixes(reply, self.review(reply, **context).findings)

    def policy_for(self, region: Region) -> Policy:
        """Return the store in force: the one configured, else the registered one that fits `region` best."""
        policy = self.policy or fitting(list(self.policies.values()), self.config.region or region)
        if policy is None:
            raise PluginError("E301", "no store is registered", "; ".join(self.warnings) or "install a store pack")
        if not policy.knows(self.config.role):
            known = ", ".join(sorted(policy.limits))
            raise ConfigError("E203", f"store {policy.name!r} has no role {self.config.role!r}", f"known: {known}")
        return policy

    def _analyze(self, message: Message, now: datetime | None) -> Analysis:
        home = self.config.region or (self.policy.region if self.policy else "zh-CN")
        zone = self.policy_for(home).timezone
        return analysis.analyze(message, tuple(self.registry.analyzers.values()), intake.clock(now, zone), home)

    def _outgoing(self, reply: str, message: str | None, order: Order | None, now: datetime | None) -> Outgoing:
        intake.bearable(reply)
        read = self._analyze(intake.message(message), now) if message is not None else None
        region = self.config.region or script.detect(reply).region or (read.region if read else None)
        region = region or (self.policy.region if self.policy else "zh-CN")
        at = intake.clock(now, self.policy_for(region).timezone)
        return Outgoing(reply, region, at, self.config.role, message, read, self.policy, order)

    def _review_options(self, select: Iterable[str] = (), ignore: Iterable[str] = ()) -> ReviewOptions:
        ours = self.config.review
        return ReviewOptions(
            frozenset(select) or frozenset(ours.select), frozenset(ignore) | frozenset(ours.ignore), ours.severity
        )

    def _writers(self, policy: Policy, region: Region) -> list[hookspecs.Writer]:
        """The writer asked for, then the store's own sentences, then the shipped ones."""
        asked, own = self.registry.writers.get(self.config.writer), self.registry.prompts.get(policy.name)
        return [*([asked] if asked else []), *drafting.template_writers([own] if own else [], region)]

    def _order(self, message: Message) -> tuple[Order | None, tuple[str, ...]]:
        try:
            found = self.hooks.hook.order_facts(message=message)
            return (found if isinstance(found, Order) or found is None else wire.order_from_json(found)), ()
        except Exception as problem:  # a shop system that is down never costs the reply
            return None, (f"E303: order_facts raised {type(problem).__name__}: {problem}",)

    def _observe(self, reply: Reply) -> tuple[str, ...]:
        try:
            self.hooks.hook.reply_finished(reply=reply)
        except Exception as problem:  # an observer never costs the reply
            return (f"E303: reply_finished raised {type(problem).__name__}: {problem}",)
        return ()
