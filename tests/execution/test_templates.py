"""Templates: what they compute, what they refuse, and that nothing else can happen."""

from __future__ import annotations

import tracemalloc
from types import SimpleNamespace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from jackfield.definition.secret import MASK, Secret
from jackfield.execution.errors import TemplateFailed, TemplateRefused, TemplateVariableMissing
from jackfield.execution.templates import compile_template, is_template, render

TYPED = (TemplateRefused, TemplateFailed, TemplateVariableMissing)

VARIABLES = {
    "n": 5,
    "name": "Zoe",
    "none": None,
    "on": True,
    "long": "x" * 300_000,
    "items": [{"id": 2, "tag": "b", "on": True}, {"id": 1, "tag": "a", "on": False}],
    "step": {"items": [1, 2], "values": "v", "keys": "k", "get": "g", "copy": "c", "__typename": "Step", "class": 1},
    "key": Secret("s3cr3t-value"),
    "nested": {"key": Secret("s3cr3t-value"), "list": [Secret("s3cr3t-value")]},
}


def value_of(source, **more):
    return compile_template(source).render({**VARIABLES, **more})


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("{{ n }}", 5),
        ("{{ n + 1 > 3 }}", True),
        ("{{ none }}", None),
        ("{{ step.items }}", [1, 2]),
        ("{{ {'a': [n, (1, 2)]} }}", {"a": [5, [1, 2]]}),
        (" {{ n }}", " 5"),
        ("{{ n }}{{ n }}", "55"),
        ("on={{ on }} none={{ none }} step={{ step.items }}", "on=true none=null step=[1,2]"),
        ("{{ 'a' if n > 3 else 'b' }}", "a"),
        ("{{ name ~ '-' ~ n }}", "Zoe-5"),
        ("{{ name[1:] }}", "oe"),
        ("{{ -n // 2 }}", -3),
        ("{{ 7 % 4 ** 1 }}", 3),
    ],
)
def test_one_expression_keeps_its_type_and_all_else_is_text(source, value):
    """A step that hands on a list must hand on a list; in text, values look as JSON writes them."""
    assert value_of(source) == value
    assert type(value_of(source)) is type(value)


@pytest.mark.parametrize("key", ["items", "values", "keys", "get", "copy", "class", "__typename"])
def test_keys_win_over_the_methods_of_objects(key):
    """Jinja answers `a.items` with Python's method, and services answer with `items` all the time."""
    assert value_of(f"{{{{ step.{key} }}}}") == VARIABLES["step"][key]
    assert value_of(f"{{{{ step['{key}'] }}}}") == VARIABLES["step"][key]


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("nope | default('d')", "d"),
        ("nope.a.b | d(1)", 1),
        ("'' | default('d', true)", "d"),
        ("name | upper", "ZOE"),
        ("name | lower", "zoe"),
        ("' a ' | trim", "a"),
        ("'a b' | title", "A B"),
        ("'ab' | capitalize", "Ab"),
        ("name | replace('Z', 'Ch')", "Choe"),
        ("'a b c' | truncate(4, true)", "a..."),
        ("'a b/ü' | urlencode", "a%20b/%C3%BC"),
        ("step.items | join('+')", "1+2"),
        ("items | join(',', attribute='tag')", "b,a"),
        ("items | length", 2),
        ("items | first | items", [["id", 2], ["tag", "b"], ["on", True]]),
        ("step.items | last", 2),
        ("'12.7' | int", 12),
        ("'x' | int(0)", 0),
        ("'1.5' | float", 1.5),
        ("n | string", "5"),
        ("2.567 | round(1)", 2.6),
        ("-3 | abs", 3),
        ("{'a': 1} | tojson", '{"a":1}'),
        ("'ab' | list", ["a", "b"]),
        ("{'a': 1} | keys", ["a"]),
        ("{'a': 1} | values", [1]),
        ("items | sort(attribute='id') | map(attribute='id')", [1, 2]),
        ("items | sort(attribute='id', reverse=true) | map(attribute='id')", [2, 1]),
        ("['a', 'A', 'b'] | unique", ["a", "b"]),
        ("step.items | reverse", [2, 1]),
        ("'ab' | reverse", "ba"),
        ("items | sum(attribute='id')", 3),
        ("step.items | min", 1),
        ("(items | max(attribute='id')).id", 2),
        ("items | map(attribute='nope', default=0)", [0, 0]),
        ("['a'] | map('upper')", ["A"]),
        ("step.items | select('odd')", [1]),
        ("step.items | reject('gt', 1)", [1]),
        ("items | selectattr('on') | map(attribute='id')", [2]),
        ("items | rejectattr('tag', 'eq', 'a') | map(attribute='id')", [2]),
        ("nope is defined", False),
        ("nope.a is undefined", True),
        ("none is none", True),
        ("name is string and n is number and step is mapping and items is sequence and on is boolean", True),
        ("4 is even and 3 is odd and 6 is divisibleby(3)", True),
        ("n is eq(5) and n is ne(4) and n is lt(6) and n is ge(5) and 1 is in([1])", True),
    ],
)
def test_filters_and_tests_compute_what_their_names_say(expression, value):
    """These are all there are; whoever knows Jinja knows them."""
    assert value_of(f"{{{{ {expression} }}}}") == value


@pytest.mark.parametrize(
    "source",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ ''['__class__'] }}",
        "{{ name['__cl' ~ 'ass__'] }}",
        "{{ name.upper }}",
        "{{ n.real }}",
        "{{ items.append }}",
        "{{ key.reveal }}",
        "{{ key._value }}",
        "{{ key[0] }}",
        "{{ name | attr('__class__') }}",
        "{{ ['a'] | map('attr', '__class__') }}",
        "{{ ['a'] | map(attribute='__class__') }}",
        "{{ ['a'] | map('[:]', 0, 1, 1) }}",
        "{{ ['a'] | select('callable') }}",
        "{{ cycler.__init__.__globals__ }}",
        "{{ self }}",
        "{{ self._TemplateReference__context }}",
        "{{ name.format(n) }}",
        "{{ name() }}",
        "{{ dict(a=1) }}",
        "{{ range(10) }}",
        "{{ lipsum(n=9999) }}",
        "{{ step.get('a') }}",
        "{{ '%s' % n }}",
        "{{ name % n }}",
        "{{ items | join(*items) }}",
        "{{ 'a' | center(1000000000) }}",
        "{{ 'a' | indent(1000000000) }}",
        "{{ '%d' | format(3) }}",
        "{{ items | random }}",
        "{{ step | dictsort }}",
        "{{ step | xmlattr }}",
        "{{ 1 | round(1000000000) }}",
        "{{ 1.5 | round(2, 'ceil') }}",
        "{{ 'a' if on }}",
        "{{ 1e999 }}",
        "{{ \N{DOUBLE-STRUCK CAPITAL H} }}",
        "{{ name is callable }}",
        "{% for a in items %}{{ a }}{% endfor %}",
        "{% set a = 1 %}",
        "{% raw %}a{% endraw %}",
        "{# note #}",
        "{{ }}",
        "{{ a b }}",
        "{{ 'a }}",
        "{{ a",
        "{{ " + "(" * 4000 + "1" + ")" * 4000 + " }}",
        "{{ " + "1+" * 3000 + "1 }}",
        "{{ " + "not " * 2000 + "1 }}",
        "{{ " + "9" * 5000 + " }}",
        "{{ " + "9" * 3500 + " }}",
        "{{ n }}" + "a" * 10_000,
    ],
)
def test_what_is_no_plain_expression_is_refused(source):
    """Walks from a value to Python's insides begin with an attribute, a call or a global name."""
    with pytest.raises(TemplateRefused):
        value_of(source)


@pytest.mark.parametrize("name", ["environ", "os", "now", "namespace", "cycler", "joiner", "lipsum", "range", "dict"])
def test_only_the_given_variables_exist(name):
    """No environment, no clock, no chance: a run that is replayed must compute the same."""
    with pytest.raises(TemplateVariableMissing) as caught:
        value_of(f"{{{{ {name} }}}}")

    assert caught.value.details["variable"] == name


@pytest.mark.parametrize(
    "expression",
    [
        "'a' * 10 ** 9",
        "[1] * 10 ** 9",
        "10 ** 9 * 'a'",
        "2 ** 999999999",
        "10 ** 3000 * 10 ** 3000",
        "long * 100",
        "long ~ long ~ long ~ long",
        "long | replace('x', long)",
        "[long] * 1000 | join",
        "[[long] * 1000] | tojson",
        "(['a'] * 100000) | join(long)",
        "[long] * 100",
        "[" + "long[1:]," * 1000 + "] | length",
        "[" + "long|upper," * 800 + "] | length",
        "'" + "é" * 3000 + "' * 200 | urlencode",
        "'%999999999d' is odd",
        "'%999999999d' is divisibleby(3)",
    ],
)
def test_growth_is_refused_before_it_happens(expression):
    """In Jinja's own sandbox, `'a' * 10 ** 9` takes a gigabyte and many seconds."""
    template = compile_template(f"{{{{ {expression} }}}}")
    tracemalloc.start()
    try:
        with pytest.raises(TemplateFailed):
            template.render(VARIABLES)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert peak < 32 * 2**20


def test_a_value_that_is_only_looked_up_may_have_any_size():
    """Handing a large result from one step to the next makes nothing new."""
    large = ["x" * 100_000] * 40

    assert value_of("{{ large }}", large=large) == large
    with pytest.raises(TemplateFailed):
        value_of("{{ large | list }}", large=large)


def test_all_templates_of_one_value_share_the_limit():
    """Else a list of a thousand templates would make a gigabyte."""
    with pytest.raises(TemplateFailed):
        render(["a{{ long }}"] * 4, VARIABLES)


@pytest.mark.parametrize(
    "expression",
    [
        *("1 / 0", "1 + 'a'", "-name", "n in n", "items | sum", "{1: 2}", "{[]: 1}", "(-8) ** 0.5", "1.5 * 10 ** 400"),
        *("'x' | int", "'x' | float", "[1, 'a'] | sort", "n | length", "n | first", "1e308 * 10", "moment"),
        *("items | sort", "name | join(1)", "n | items", "long | upper(1)", "deep"),
    ],
)
def test_values_that_do_not_fit_fail_with_a_typed_error(expression):
    """A bare TypeError of Jinja's compiled code tells nobody which template it was."""
    deep = []
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(TemplateFailed) as caught:
        value_of(f"{{{{ {expression} }}}}", moment=SimpleNamespace(), deep=deep)

    assert expression[:20] in caught.value.message


def test_a_missing_variable_is_named_with_its_path_and_what_there_is():
    """The two mistakes are a typing error and a step that did not run; both are seen at once."""
    with pytest.raises(TemplateVariableMissing) as caught:
        compile_template("a {{ steps.fetch.totl }}").render({"steps": {"fetch": {"total": 1, "items": []}}})

    assert "`steps.fetch.totl`" in caught.value.message
    assert caught.value.hint.startswith("did you mean `total`?")
    assert caught.value.details["known"] == ["items", "total"]
    with pytest.raises(TemplateVariableMissing) as caught:
        compile_template("{{ nope }}").render({"one": 1})
    assert caught.value.details["known"] == ["one"]


@pytest.mark.parametrize("use", ["nope", "nope == 1", "nope ~ 'a'", "nope is string", "nope | upper", "not nope"])
def test_a_missing_value_is_never_taken_for_an_empty_one(use):
    """Jinja renders it as nothing, and the request goes to the wrong place."""
    with pytest.raises(TemplateVariableMissing):
        value_of(f"{{{{ {use} }}}}")


@pytest.mark.parametrize(
    "source",
    [
        *("{{ key }}", "a {{ key }}", "{{ key ~ '' }}", "{{ key | string }}", "{{ [key] | join }}", "{{ nested }}"),
        *("{{ nested | tojson }}", "{{ 'a' ~ nested }}", "{{ nested.list | map('string') }}", "{{ [key, key] }}"),
    ],
)
def test_secrets_are_masked_unless_they_are_asked_for(source):
    """A template in a message or a log must not carry a key; one in a header must."""
    hidden, shown = value_of(source), compile_template(source).render(VARIABLES, reveal=True)

    assert MASK in str(hidden)
    assert "s3cr3t" not in str(hidden)
    assert str(shown) == str(hidden).replace(MASK, "s3cr3t-value")


@pytest.mark.parametrize("question", ["key == 's3cr3t-value'", "'s3cr3t-value' in [key]", "(key | length) == 12"])
def test_a_masked_secret_cannot_be_guessed(question):
    """Whoever may write a template could otherwise ask for it letter by letter."""
    assert value_of(f"{{{{ {question} }}}}") is False


def test_errors_do_not_repeat_values():
    """They are shown and logged, and the value may be a key."""
    with pytest.raises(TemplateFailed) as caught:
        compile_template("{{ key | int }}").render(VARIABLES, reveal=True)

    assert "s3cr3t" not in str(caught.value.to_json())


def test_names_are_the_variables_that_a_template_reads():
    """A definition is checked by them before its first call."""
    assert compile_template("{{ a.b ~ c[d] }} {{ e | default(f) }}").names == {"a", "c", "d", "e", "f"}
    assert compile_template("a { b }").names == frozenset()


def test_render_walks_a_value_and_leaves_names_alone():
    """Whoever fills a request body writes templates into its values."""
    given_value = {"{{ n }}": ["{{ n }}", {"a": "n={{ n }}"}, 1, None, True], "b": "plain"}

    assert render(given_value, VARIABLES) == {"{{ n }}": [5, {"a": "n=5"}, 1, None, True], "b": "plain"}


def test_results_share_nothing_with_the_variables():
    """A handler that changes its params must not change the run's variables."""
    variables = {"a": {"b": [1]}}
    compile_template("{{ a }}").render(variables)["b"].append(2)

    assert variables == {"a": {"b": [1]}}


def test_a_template_is_compiled_once():
    """Compiling costs a hundred times what rendering does."""
    assert compile_template("{{ once }}") is compile_template("{{ once }}")


@given(st.text(st.characters(exclude_characters="{"), max_size=2000))
def test_text_without_braces_is_unchanged(text):
    """Line ends, backslashes and all."""
    assert not is_template(text)
    assert compile_template(text).render({}) == text
    assert render(text, {}) == text


pieces = st.sampled_from(
    [
        *("{{", "}}", "{%", "%}", "{#", "(", ")", "[", "]", "{", "}", "'", "'a'", "|", "~", ".", ":", ",", "=", "=="),
        *("if", "else", "is", "in", "not", "and", "or", "for", "loop", "self", "items", "n", "long", "key", "step"),
        *("upper", "join", "map", "default", "attr", "replace", "tojson", "__class__", "sort", "int", "%", "+", "-"),
        *("*", "**", "//", "/", "999999999", "1", "1e999", "0.5", "none", "true", "\\", "\x00", "\n", "nope", "odd"),
    ]
)
expressions = st.lists(pieces, max_size=12).map(" ".join)


@given(st.one_of(st.text(max_size=200), expressions, expressions.map(lambda text: f"{{{{ {text} }}}}")))
@example("{{ \ud800 }}")
@example("{{ '\ud800' }}")
@example("\ud800{{ n }}")
def test_any_text_yields_json_or_a_typed_error(text):
    """Templates come from users, models and imported files; nothing else may come out of them."""
    try:
        result = compile_template(text).render(VARIABLES)
    except TYPED:
        return

    assert result is None or type(result) in {str, int, float, bool, list, dict}
