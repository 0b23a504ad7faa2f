"""Whatever the kernel refuses, a person is told what to do about it."""

import ast
import re
from pathlib import Path

import pytest

from tongban import kernel
from tongban.design.sentences import SENTENCES, sentence
from tongban.kernel.errors import CODES, Invalid
from tongban.kernel.mobile import Mobile

_CODE = re.compile(r"[a-z_]+\.[a-z_]+")
_PLACEHOLDER = re.compile(r"%\((\w+)\)s")


def _kernel_trees() -> list[ast.Module]:
    """The modules of the kernel that can refuse what a person typed."""
    (folder,) = kernel.__path__
    texts = [path.read_text("utf-8") for path in Path(folder).glob("*.py")]
    return [ast.parse(text) for text in texts if "from tongban.kernel.errors import Invalid" in text]


def _codes_in_the_kernel() -> set[str]:
    return {
        node.value
        for tree in _kernel_trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and _CODE.fullmatch(node.value)
    }


def _raised() -> list[tuple[str, set[str]]]:
    """Every `Invalid("code", name=…)` that the kernel writes out."""
    calls = [node for tree in _kernel_trees() for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return [
        (call.args[0].value, {str(keyword.arg) for keyword in call.keywords})
        for call in calls
        if isinstance(call.func, ast.Name) and call.func.id == "Invalid"
        if isinstance(call.args[0], ast.Constant) and isinstance(call.args[0].value, str)
    ]


def test_the_list_of_codes_is_what_the_kernel_uses() -> None:
    assert _codes_in_the_kernel() == set(CODES)


def test_every_code_is_raised_with_the_parameters_it_declares() -> None:
    raised = _raised()
    assert len(raised) > 30
    for code, params in raised:
        assert params == set(CODES[code].params), code


def test_every_code_has_a_sentence_and_no_sentence_is_left_over() -> None:
    assert set(SENTENCES) == set(CODES)


@pytest.mark.parametrize("code", CODES)
def test_a_sentence_uses_only_the_parameters_of_its_code(code: str) -> None:
    text = str(SENTENCES[code])
    assert set(_PLACEHOLDER.findall(text)) <= set(CODES[code].params)
    assert text.count("%") == len(_PLACEHOLDER.findall(text))


@pytest.mark.parametrize("code", CODES)
def test_a_sentence_says_what_to_do(code: str) -> None:
    text = sentence(Invalid(code, **dict.fromkeys(CODES[code].params, "1")))
    assert "请" in text
    assert text.endswith("。")
    assert "%" not in text


def test_the_sentence_of_an_error_names_the_place() -> None:
    with pytest.raises(Invalid) as caught:
        Mobile.parse("1380013800O")
    assert sentence(caught.value) == "第11位的“O”不是数字。请只输入11位手机号码。"
