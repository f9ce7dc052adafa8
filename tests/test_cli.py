"""The command line: each command, and a plain refusal with exit code 2 for everything that cannot be analysed."""

import io
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

import wockit.cli
import wockit.weekly.copies
from wockit.analysis.scenario import Scenario, save_scenario
from wockit.cli import FIRST_NOTEBOOK, main
from wockit.language import catalogue, speak
from wockit.notes import AccountError, Problem, RunError
from wockit.reading.account import load_account
from wockit.reading.account_file import read_account_file

CHINESE = catalogue("zh-CN")
ROOT = Path(__file__).parent.parent
SAMPLE = ROOT / "data" / "sample"
DAY = "2026-11-23"
BUSINESS, ADS = "BusinessReport-11-23-26.csv", "Sponsored_Products_Advertised_product_report.xlsx"


@pytest.fixture
def account(tmp_path):
    """A copy of the sample with its newest snapshot only."""
    shutil.copytree(SAMPLE, tmp_path / "shop", ignore=shutil.ignore_patterns("2026-11-09", "2026-11-16", "*.py"))
    return tmp_path / "shop"


def inventory(account):
    return next(path for path in (account / DAY).glob("*.csv") if path.name != BUSINESS)


def test_new_makes_an_account_that_can_be_read(tmp_path, capsys):
    assert main(["new", str(tmp_path / "shop"), "--marketplace", "DE"]) == 0
    assert read_account_file(tmp_path / "shop" / "account.toml").marketplace == "DE"
    assert "wockit check" in capsys.readouterr().out


def test_new_never_overwrites_an_account(account, capsys):
    before = (account / "account.toml").read_bytes()
    assert main(["new", str(account), "--marketplace", "DE"]) == 2
    assert "an account already exists there" in capsys.readouterr().err
    assert (account / "account.toml").read_bytes() == before


def test_new_says_why_it_cannot_write(tmp_path, capsys):
    (tmp_path / "file").write_text("")
    assert main(["new", str(tmp_path / "file"), "--marketplace", "US"]) == 2
    assert "cannot be written" in capsys.readouterr().err


def test_new_makes_no_account_that_no_report_could_be_made_of(tmp_path, capsys):
    assert main(["new", str(tmp_path / "a\nb"), "--marketplace", "US"]) == 2
    assert "contains characters that cannot be written to a text file" in capsys.readouterr().err
    assert not [*tmp_path.iterdir()]


def test_check_shows_the_files_and_the_notes(capsys):
    assert main(["check"]) == 0
    shown = capsys.readouterr().out
    assert "Detail Page Sales and Traffic by Child Item" in shown
    assert "their stock is unknown" in shown


def test_check_of_an_account_that_may_only_be_read_ends_well(writer, tmp_path, monkeypatch, capsys):
    def unwritable(*_):
        raise AccountError([Problem("costs.csv", "cannot be written: Read-only file system.")])

    monkeypatch.setattr(wockit.cli, "write_costs", unwritable)
    stock = {"asin": "B0MADEUP01", "sku": "A", "available": 90, "units-shipped-t30": 30}
    assert main(["check", str(writer(tmp_path / "shop", inventory=[stock]))]) == 0
    assert "warning: costs.csv: cannot be written: Read-only file system." in capsys.readouterr().out


def test_weekly_takes_the_sample_and_hands_over_typed_settings(tmp_path, monkeypatch, capsys):
    handed = []
    monkeypatch.setattr(wockit.cli, "run_weekly", lambda *given, **more: handed.append((given, more)) or tmp_path)
    week = {"account": "My \x1b[31mshop", "snapshot": "2026-11-23", "gain_a_week": 21151.7, "currency": "USD"}
    (tmp_path / "summary.json").write_text(json.dumps(week | {"moved": 9, "warnings": 4}), encoding="utf-8")
    settings = ["low_weeks=4", "sales_days=30", "preset=us_fee_aware_2026", "target_roas=2.5"]
    assert (
        main(["weekly", "--out", "there", "--accept", "fewer_rows", *(word for s in settings for word in ("--set", s))])
        == 0
    )
    changes = {"low_weeks": 4.0, "sales_days": 30, "preset": "us_fee_aware_2026", "target_roas": 2.5}
    more = {"accept": ["fewer_rows"], "scenario": "", "progress": False, "pdf": False}
    assert handed == [((SAMPLE, Path("there").resolve(), changes, ""), more)]
    last = capsys.readouterr().out.splitlines()[-1]
    told = "USD 21,152 to gain per week, 9 ASINs moved, 4 warnings."
    assert last == f"My \\x1b[31mshop 2026-11-23: {told} {tmp_path / 'report.html'}"


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("low_week=4", "Did you mean 'low_weeks'"),
        ("low_weeks", "expected KEY=VALUE"),
        ("low_weeks=four", "expected a number"),
        ("sales_days=30.5", "expected a whole number"),
        ("referral_rate=15", "For 15% write 0.15"),
    ],
)
def test_weekly_refuses_a_setting_that_does_not_fit(tmp_path, capsys, setting, message):
    assert main(["weekly", "--out", str(tmp_path / "out"), "--set", setting]) == 2
    assert message in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


@pytest.mark.end_to_end
def test_weekly_makes_the_report_of_a_scenario(account, tmp_path, capsys):
    about = load_account(account).name
    save_scenario(account, Scenario("half", about, {}, {"B0CLEAR100": {"cost_per_click": 1.0}}))
    assert main(["weekly", str(account), "--out", str(tmp_path / "out"), "--scenario", "half"]) == 0
    (folder,) = (tmp_path / "out" / "shop").iterdir()
    assert folder.name == f"{DAY} what-if half"
    assert capsys.readouterr().out.splitlines()[-1].startswith(f"Sample account {DAY} what-if half: ")
    text = next((tmp_path / "out").rglob("report.html")).read_text(encoding="utf-8")
    assert "What-if: half. This is not the report" in text
    assert "scenario: changed numbers of 1 ASIN and 0 settings" in text
    book = openpyxl.load_workbook(next((tmp_path / "out").rglob("plan.xlsx")), data_only=True)["Budgets"]
    assert book["A1"].value == "What-if: half. This is not the report: its numbers are tried out."
    names = [cell.value for cell in book[2]]
    row = next(row for row in book.iter_rows(values_only=True) if row[0] == "B0CLEAR100")
    assert row[names.index("Upper bound [USD]")] == 2000
    assert json.loads(next((tmp_path / "out").rglob("run.json")).read_text())["parameters"]["scenario"] == "half"


def test_weekly_refuses_a_scenario_that_is_not_there(account, tmp_path, capsys):
    assert main(["weekly", str(account), "--out", str(tmp_path / "out"), "--scenario", "half"]) == 2
    assert "unknown scenario" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_reader_that_goes_away_early_gets_no_traceback():
    command = [sys.executable, "-m", "wockit.cli", "check"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        process.stdout.close()
        assert process.stderr.read() == ""


def test_a_failed_run_ends_with_1(monkeypatch, capsys):
    def fail(*_, **__):
        raise RunError([Problem("weekly_report.ipynb, cell 3", "it failed.")])

    monkeypatch.setattr(wockit.cli, "run_weekly", fail)
    assert main(["weekly"]) == 1
    assert "cell 3" in capsys.readouterr().err


def test_a_run_that_is_stopped_by_hand_ends_with_1(monkeypatch, capsys):
    def stop(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(wockit.cli, "run_weekly", stop)
    assert main(["weekly"]) == 1
    assert capsys.readouterr().err == "Stopped.\n"


@pytest.mark.parametrize("arguments", [[], ["weakly"], ["new", "x"], ["new", "x", "--marketplace", "XX"]])
def test_bad_usage_ends_with_2(arguments, capsys):
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    assert "usage: wockit" in capsys.readouterr().err


def without_files(account):
    shutil.rmtree(account / DAY)
    (account / DAY).mkdir()


def unknown_kind(account):
    inventory(account).unlink()
    (account / DAY / "prices.csv").write_text("name,colour\ncup,red\n")


def without_stock_column(account):
    path = inventory(account)
    path.write_bytes(path.read_bytes().replace(b'"available"', b'"avail"', 1))


def without_period(account):
    (account / "account.toml").write_text('marketplace = "US"\n')
    path = inventory(account)
    path.write_bytes(path.read_bytes().replace(b'"units-shipped-t', b'"shipped-'))


def two_inventories(account):
    *rows, _ = inventory(account).read_bytes().splitlines(keepends=True)
    (account / DAY / "again.csv").write_bytes(b"".join(rows))


def cut_in_the_middle(account):
    path = inventory(account)
    path.write_bytes(path.read_bytes()[:20_000])


def cut_workbook(account):
    path = account / DAY / ADS
    path.write_bytes(path.read_bytes()[:100_000])


def protected(account):
    (account / DAY / ADS).write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + bytes(1000))


def fake_workbook(account):
    shutil.copy(account / DAY / BUSINESS, account / DAY / ADS)


BROKEN = {
    without_files: "there is no FBA Inventory report; found no reports. Download it into this folder",
    unknown_kind: "prices.csv: its header matches no known report. Columns found: 2 that are not shown",
    without_stock_column: "no column for 'units_available' in this FBA Inventory report",
    without_period: "Write sales_days = 30",
    two_inventories: "2 files of this snapshot are the same report (FBA Inventory)",
    cut_in_the_middle: "truncated",
    cut_workbook: "It may be truncated",
    protected: "has a password",
    fake_workbook: "is named .xlsx but is not a workbook",
}


@pytest.mark.parametrize("command", ["check", "weekly"])
@pytest.mark.parametrize(("break_it", "message"), BROKEN.items(), ids=lambda case: getattr(case, "__name__", ""))
def test_an_account_that_cannot_be_analysed_is_refused_and_nothing_is_written(
    account, tmp_path, monkeypatch, capsys, command, break_it, message
):
    monkeypatch.chdir(tmp_path)
    break_it(account)
    before = sorted(tmp_path.rglob("*"))
    assert main([command, str(account)]) == 2
    assert message in capsys.readouterr().err
    assert sorted(tmp_path.rglob("*")) == before


@pytest.fixture
def chinese(account):
    """The same account, which asks for Chinese."""
    path = account / "account.toml"
    path.write_text('language = "zh-CN"\n' + path.read_text(encoding="utf-8"), encoding="utf-8")
    yield account
    speak("en")


@pytest.mark.parametrize("command", ["check", "weekly"])
@pytest.mark.parametrize(
    ("break_it", "message"),
    [
        (without_files, "未找到亚马逊物流库存 (FBA Inventory)报告；文件夹里的报告：无。"),
        (unknown_kind, "表头不属于任何已知报告。现有的列：2 个未显示"),
        (two_inventories, "同一日期文件夹里有 2 个文件是同一种报告"),
        (without_stock_column, "请重新下载：卖家平台"),
    ],
)
def test_what_is_wrong_with_a_chinese_account_is_said_in_chinese(
    chinese, monkeypatch, capsys, command, break_it, message
):
    monkeypatch.chdir(chinese.parent)
    break_it(chinese)
    assert main([command, str(chinese)]) == 2
    assert message in capsys.readouterr().err


def test_a_run_can_be_refused_in_another_language_than_the_accounts(account, monkeypatch, capsys):
    monkeypatch.chdir(account.parent)
    without_files(account)
    assert main(["weekly", str(account), "--set", "language=zh-CN"]) == 2
    assert "无" in capsys.readouterr().err
    assert main(["weekly", str(account)]) == 2
    assert "no reports" in capsys.readouterr().err


def test_check_of_a_chinese_account_says_what_each_file_is_and_what_was_left_out(chinese, capsys):
    costs = chinese / "costs.csv"
    header, *lines = costs.read_text(encoding="utf-8").splitlines()
    costs.write_text("\n".join([header, "," * header.count(","), *lines]), encoding="utf-8")
    assert main(["check", str(chinese)]) == 0
    shown = capsys.readouterr().out
    assert "亚马逊物流库存 (FBA Inventory)" in shown
    assert "空行：1" in shown


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["weekly", "shop", "--snapshots", "2026-11-23"], "there is no '--snapshots'. Did you mean '--snapshot'?"),
        (["weekly", "--acount", "shop"], "there is no '--acount'. Did you mean '--out'?"),
        (["check", "shop", "another"], "there is no 'another'.\n"),
    ],
)
def test_an_option_that_there_is_not_is_refused_with_the_nearest_one_that_there_is(arguments, message, capsys):
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert message in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "english", "chinese"),
    [
        (["check", "--foo"], "error: there is no '--foo'.\n", "错误：没有 '--foo'。\n"),
        (
            ["check", "--snap-shot"],
            "there is no '--snap-shot'. Did you",
            "没有 '--snap-shot'。您是否想写 '--snapshot'？\n",
        ),
        (["weakly"], "COMMAND: expected one of ", "命令：应为 'new', 'check', "),
        (["weakly"], ", found 'weakly'.\n", "之一，实为 'weakly'。\n"),
        (["check", "--snapshot"], "--snapshot: the value is missing.\n", "--snapshot：没有给出值。\n"),
        (["new", "x"], "error: missing: --marketplace.\n", "错误：缺少：--marketplace。\n"),
        ([], "error: missing: COMMAND.\n", "错误：缺少：命令。\n"),
        (["fleet", "x", "--workers", "two"], "expected a whole number, found 'two'.", "应为整数，实为 'two'。"),
        (["fleet", "x", "--time-limit", "?"], "expected a number, found '?'.", "应为数字，实为 '?'。"),
        (["fleet", "x", "--force=1"], "--force: this option has no value.\n", "--force：该选项不带值。\n"),
        (
            ["weekly", "--s", "x"],
            "--s may be --snapshot, --set, --scenario.",
            "--s 可能是 --snapshot, --set, --scenario。",
        ),
    ],
)
def test_what_cannot_be_understood_is_said_in_the_language_asked_for(arguments, english, chinese, capsys):
    for language, text in (("en", english), ("zh-CN", chinese)):
        with pytest.raises(SystemExit) as ended:
            main(["--language", language, *arguments])
        assert ended.value.code == 2
        said = capsys.readouterr().err.replace("\n    ", " ")
        assert text in said
        assert language == "en" or not re.search("argument|invalid|expected|required|error", said)
    speak("en")


@pytest.fixture
def jupyter(monkeypatch, tmp_path):
    """What JupyterLab is started with; copies of notebooks lie in a home folder of the test."""
    called = []
    monkeypatch.setattr(wockit.cli.subprocess, "call", lambda command, **how: called.append((command, how)) or 0)
    monkeypatch.setattr(wockit.weekly.copies.Path, "home", lambda: tmp_path / "home")
    return called


def test_lab_opens_copies_of_the_notebooks_on_the_account_and_keeps_what_was_changed(account, jupyter, tmp_path):
    assert main(["lab", str(account)]) == 0
    (folder,) = (tmp_path / "home" / "wockit-notebooks").iterdir()
    copy = folder / "02_weeks_of_coverage.ipynb"
    assert json.dumps(json.dumps(str(account)))[1:-1] in copy.read_text(encoding="utf-8")
    assert jupyter[0][0][-4:] == [
        "--ServerApp.root_dir",
        str(folder),
        "--LabApp.default_url",
        f"/lab/tree/{FIRST_NOTEBOOK}",
    ]
    assert (folder / FIRST_NOTEBOOK).is_file()
    copy.write_text("mine", encoding="utf-8")
    assert main(["lab", str(account)]) == 0
    assert copy.read_text(encoding="utf-8") == "mine"


def test_nothing_that_lies_in_the_account_is_opened_or_imported_by_lab(account, jupyter, monkeypatch, capsys):
    (account / "notebooks").mkdir()
    (account / "notebooks" / "01_load_reports.ipynb").write_text("foreign", encoding="utf-8")
    monkeypatch.chdir(account)
    assert main(["lab", "."]) == 0
    ((command, how),) = jupyter
    assert command[1] == "-P"
    assert how["env"]["PYTHONSAFEPATH"] == "1"
    assert account not in (Path(how["cwd"]), *Path(how["cwd"]).parents)
    assert "notebooks in the account's folder are not opened" in capsys.readouterr().err


def test_nothing_that_lies_in_the_working_directory_is_imported_by_the_module_either(account):
    for module in ("pandas", "json"):
        (account / f"{module}.py").write_text("raise SystemExit('foreign')", encoding="utf-8")
    command, environment = [sys.executable, "-m", "wockit.cli", "--help"], os.environ | {"PYTHONPATH": str(ROOT)}
    run = subprocess.run(command, env=environment, cwd=account, capture_output=True, text=True, check=False)
    assert (run.returncode, "foreign" in run.stderr) == (0, False)


def test_lab_without_an_account_opens_the_notebooks_of_the_kit(jupyter):
    assert main(["lab"]) == 0
    assert str(SAMPLE.parent.parent / "notebooks") in jupyter[0][0]


@pytest.mark.parametrize(
    ("given", "passed"),
    [
        (["--no-browser"], ["--no-browser"]),
        (["--port", "9999"], ["--port", "9999"]),
        (["--ServerApp.token=x", "--no-browser", "--debug"], ["--no-browser", "--ServerApp.token=x", "--debug"]),
        (["--language", "zh-CN", "--ip=0.0.0.0"], ["--ip=0.0.0.0"]),
    ],
)
def test_lab_passes_the_options_of_jupyterlab_on(jupyter, given, passed):
    assert main(["lab", *given]) == 0
    ((command, _),) = jupyter
    assert command[command.index("--LabApp.default_url") + 2 :] == passed


@pytest.mark.parametrize(
    "given", [["{}", "--no-browser"], ["--no-browser", "{}"], ["--language", "en", "{}", "--debug"]]
)
def test_lab_takes_the_account_before_or_after_its_own_options(account, jupyter, given):
    assert main(["lab", *(word.format(account) for word in given)]) == 0
    assert "wockit-notebooks" in jupyter[0][0][5]


def test_the_help_of_lab_says_that_other_options_are_passed_on(capsys):
    with pytest.raises(SystemExit):
        main(["lab", "--help"])
    said = capsys.readouterr().out
    assert "--no-browser" in said
    assert "Other options go to JupyterLab" in said


def test_lab_says_when_jupyterlab_ends_with_an_error(monkeypatch, capsys):
    monkeypatch.setattr(wockit.cli.subprocess, "call", lambda command, **how: 1)
    assert main(["lab"]) == 1
    assert "JupyterLab ended with an error" in capsys.readouterr().err


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_what_a_terminal_cannot_show_is_escaped(account, monkeypatch, encoding):
    (account / "account.toml").write_text(
        'name = "我的店"\nmarketplace = "US"\nsales_days = 30\nlanguage = "zh-CN"\n', encoding="utf-8"
    )
    shown = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    monkeypatch.setattr(sys, "stdout", shown)
    assert main(["check", str(account)]) == 0
    shown.seek(0)
    assert "\\u6211" in shown.read()


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(28, "No space left on device"), "'wockit': the system refused: No space left on device."),
        (PermissionError(13, "Permission denied", "out"), "'out': the system refused: Permission denied."),
        (MemoryError(), "wockit: there is not enough memory for this account."),
        (RuntimeError("can't start new thread"), "wockit: there is not enough memory for this account."),
    ],
)
def test_what_the_system_refuses_is_a_sentence(account, monkeypatch, capsys, error, said):
    def refuse(_):
        raise error

    monkeypatch.setitem(wockit.cli._COMMANDS, "check", refuse)
    assert main(["check", str(account)]) == 1
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&- >&- 2>&-"])
def test_streams_that_are_closed_lead_nowhere(tmp_path, closed):
    """A file that is opened next would get the number of a closed stream, and what is printed."""
    code = "from wockit.cli import _open_what_is_closed as do; import os; do(); print('x', flush=True); "
    code += f"os.mkdir({str(tmp_path / 'made')!r}); print(os.open({str(tmp_path)!r}, os.O_RDONLY) > 2)"
    end = subprocess.run(
        ["sh", "-c", f'"$0" -c "$1" {closed}', sys.executable, code], capture_output=True, text=True, check=False
    )
    assert (end.returncode, end.stderr, (tmp_path / "made").is_dir()) == (0, "", True)


def test_a_working_directory_that_was_deleted_is_no_harm(account, tmp_path):
    gone = tmp_path / "gone"
    gone.mkdir()
    command = f'cd {gone} && rmdir {gone} && "$0" -m wockit.cli check {account}'
    end = subprocess.run(["sh", "-c", command, sys.executable], capture_output=True, text=True, check=False)
    assert (end.returncode, end.stderr) == (0, "")


def test_settings_of_libraries_in_the_working_directory_are_not_read(account, tmp_path, monkeypatch, capsys):
    """matplotlib reads a `matplotlibrc` where it is, and would wait for a pipe of that name for ever."""
    (tmp_path / "matplotlibrc").write_text("text.usetex: True", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    seen = []
    monkeypatch.setattr(wockit.cli, "run_weekly", lambda *_, **__: seen.append(Path.cwd()) or 1 / 0)
    with pytest.raises(ZeroDivisionError):
        main(["weekly", str(account)])
    assert seen[0] != tmp_path
    assert Path.cwd() == tmp_path


def test_help_is_in_the_language_asked_for(capsys):
    with pytest.raises(SystemExit):
        main(["weekly", "--language", "zh-CN", "--help"])
    shown = re.sub(r"\n\s+", "", capsys.readouterr().out)
    assert shown.startswith("用法：wockit weekly")
    assert CHINESE["the account's folder (default: the sample account)"] in shown
    assert re.findall(r"[a-z]{3,} [a-z]{3,}", shown.replace("wockit ", "")) == []
    assert "选项：" in shown


@pytest.mark.parametrize(("variable", "value"), [("LC_ALL", "zh_CN.UTF-8"), ("LANG", "zh_TW")])
def test_help_is_in_the_language_of_the_system(monkeypatch, capsys, variable, value):
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv(variable, value)
    with pytest.raises(SystemExit):
        main(["--help"])
    assert CHINESE["make the weekly report"] in capsys.readouterr().out


def test_a_new_account_has_its_comments_in_the_language_asked_for(tmp_path):
    assert main(["new", str(tmp_path / "shop"), "--marketplace", "US", "--language", "zh-CN"]) == 0
    text = (tmp_path / "shop" / "account.toml").read_text(encoding="utf-8")
    assert 'language = "zh-CN"' in text
    comments = [line for line in text.splitlines() if line.startswith("# ") and " = " not in line]
    assert len(comments) > 15
    assert all(re.search("[\u4e00-\u9fff]", line) for line in comments)
