"""Templates of the pages, each compiled once for each language it is shown in.

What a template says without any value, its drawings and the addresses of its files are put in while
it is compiled, and stand in the page like the rest of its text. A board says eight hundred texts;
to look each of them up took longer than to read what it shows.
"""

import re
from collections.abc import Iterator, MutableMapping
from typing import Any
from weakref import ref

from flask.templating import Environment
from jinja2 import Template, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.visitor import NodeTransformer
from markupsafe import Markup, escape

from complaints.web.frame.translations import lang, translated

#: What depends on nothing but its words and the language.
_KNOWN = frozenset({"icon", "asset", "lang"})
_PLACEHOLDER = re.compile(r"%\((\w+)\)s|(%%)")


#: The characters that `escape` replaces. Looking for them first spares most values the `Markup`
#: around what comes out, which takes twice as long as the look.
_is_unsafe = re.compile(r"[&<>'\"]").search


def plain(value: object) -> str:
    """What a page shows of a value: escaped, unless it is markup."""
    if type(value) is str:
        return escape(value) if _is_unsafe(value) else value
    return value if type(value) is Markup else escape(value)


def call_plainly(called: Any, /, *values: Any, **named: Any) -> Any:
    """Call what a template calls.

    Jinja first looks whether it wants the template's context; nothing that our pages call does, and
    a board calls four hundred things.
    """
    return called(*values, **named)


class LeanCode(CodeGenerator):
    """Jinja's, but a value that is only joined to its page is not made into markup first.

    And what is called is called, without being asked what it wants to know.
    """

    def visit_Call(self, node: nodes.Call, frame: Frame, forward_caller: bool = False) -> None:
        self.write("environment.call_plainly(")
        self.visit(node.node, frame)
        self.signature(node, frame, {"caller": "caller"} if forward_caller else None)
        self.write(")")

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape or finalize.src is not None:
            super()._output_child_pre(node, frame, finalize)
        else:
            self.write("environment.plain(")


class Templates(Environment):
    """The templates of an app, in the language of the request that shows them."""

    code_generator_class = LeanCode
    plain = staticmethod(plain)
    call_plainly = staticmethod(call_plainly)

    def _load_template(self, name: str, globals: MutableMapping[str, Any] | None) -> Template:
        assert self.loader is not None
        assert self.cache is not None
        key = (ref(self.loader), f"{lang()}:{name}")
        template = self.cache.get(key)
        if template is None or (self.auto_reload and not template.is_up_to_date):
            template = self.cache[key] = self.loader.load(self, name, self.make_globals(globals))
        elif globals:
            template.globals.update(globals)
        return template

    def _generate(self, source: nodes.Template, *args: Any, **options: Any) -> str:
        return super()._generate(_Spoken(self).visit(source), *args, **options)


class _Spoken(NodeTransformer):
    """Puts in what is known while a template is compiled."""

    def __init__(self, environment: Templates) -> None:
        self._environment = environment

    def visit_Call(self, node: nodes.Call) -> nodes.Expr:
        """A text, a drawing or an address as it is."""
        self.generic_visit(node)
        name, words = _said_by(node)
        if node.kwargs or words is None:
            return node
        if name == "_":
            return nodes.Const(Markup(translated(words[0])) % {}, lineno=node.lineno)
        if name in _KNOWN:
            say: Any = self._environment.globals[name]
            known = say(*words)
            return nodes.Const(known, lineno=node.lineno)
        return node

    def visit_Output(self, node: nodes.Output) -> nodes.Output:
        """A text with values as its pieces and the values between them."""
        self.generic_visit(node)
        node.nodes = [piece for child in node.nodes for piece in _pieces(child)]
        return node


def _said_by(node: nodes.Expr) -> tuple[str, list[str] | None]:
    """The function that is called, and its words where they all are known."""
    if not isinstance(node, nodes.Call) or not isinstance(node.node, nodes.Name):
        return "", None
    if node.dyn_args is not None or node.dyn_kwargs is not None:
        return "", None
    words = [each.value for each in node.args if isinstance(each, nodes.Const)]
    return node.node.name, words if len(words) == len(node.args) else None


def _pieces(node: nodes.Expr) -> Iterator[nodes.Expr]:
    name, words = _said_by(node)
    if name != "_" or not words:
        yield node
        return
    assert isinstance(node, nodes.Call)
    text = translated(words[0])
    values = {each.key: each.value for each in node.kwargs}
    named = [name for name, _ in _PLACEHOLDER.findall(text) if name]
    if "%" in _PLACEHOLDER.sub("", text) or len(set(named)) != len(named):
        yield node
        return
    end = 0
    for found in _PLACEHOLDER.finditer(text):
        yield nodes.TemplateData(text[end : found.start()], lineno=node.lineno)
        end = found.end()
        yield values[found[1]] if found[1] else nodes.TemplateData("%", lineno=node.lineno)
    yield nodes.TemplateData(text[end:], lineno=node.lineno)
