import re
from dataclasses import fields
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import wockit.settings
from wockit.language import speak
from wockit.marketplaces import CURRENCIES
from wockit.notes import SettingsError, quoted
from wockit.reading.account_file import Event, account_file_text, language_of, read_account_file
from wockit.settings import PRESETS, Settings


def account_file(tmp_path, text, encoding="utf-8"):
    path = tmp_path / "account.toml"
    path.write_bytes(text.encode(encoding))
    return path


def uncommented(text):
    """Every commented-out setting switched on; the explanations stay comments."""
    return re.sub(r"^# (\w+ = )", r"\1", text, flags=re.MULTILINE)


def test_the_preset_of_the_article_is_the_default():
    settings = Settings()
    assert settings.preset == "article_2023"
    cuts = (settings.low_weeks, settings.healthy_weeks, settings.act_weeks, settings.urgent_weeks)
    assert cuts == (3, 6, 8, 13)


def test_a_preset_that_moves_takes_the_default_along():
    source = Path(wockit.settings.__file__).read_text(encoding="utf-8")
    moved = source.replace('"healthy_weeks": 6.0', '"healthy_weeks": 6.5')
    assert moved != source
    names = {"__name__": "moved"}
    exec(moved, names)
    assert names["Settings"]().healthy_weeks == 6.5


@pytest.mark.parametrize("preset", PRESETS)
def test_a_preset_sets_every_cut_it_names(preset):
    settings = Settings().change(preset=preset)
    assert {name: getattr(settings, name) for name in PRESETS[preset]} == dict(PRESETS[preset])


def test_a_cut_named_beside_a_preset_wins():
    settings = Settings().change(low_weeks=5, preset="us_fee_aware_2026")
    assert (settings.low_weeks, settings.healthy_weeks, settings.act_weeks) == (5, 8, 13)


def test_a_change_without_preset_keeps_the_other_cuts():
    settings = Settings().change(preset="us_fee_aware_2026").change(low_weeks=5)
    assert (settings.low_weeks, settings.healthy_weeks) == (5, 8)


def test_a_new_preset_overrides_cuts_set_before():
    assert Settings().change(low_weeks=5).change(preset="article_2023").low_weeks == 3


def test_change_leaves_the_first_settings_alone():
    first = Settings()
    first.change(low_weeks=5)
    assert first.low_weeks == 3


@pytest.mark.parametrize(
    ("text", "changes", "language"),
    [
        ('marketplace = "XX"\nlanguage = "zh-CN"\n', None, "zh-CN"),
        ('language = "zh-CN"\n', {"language": "en"}, "en"),
        ('marketplace = "US"\n', {"language": "zh-CN"}, "zh-CN"),
        ('marketplace = "US"\n', {"low_weeks": 4}, "en"),
        ('language = "tlh"\n', None, "en"),
        ("language = 3\n", None, "en"),
        ('language = "zh-CN', None, "en"),
        ("\xff", None, "en"),
    ],
)
def test_the_language_is_known_before_anything_else_is(tmp_path, text, changes, language):
    (tmp_path / "account.toml").write_bytes(text.encode("latin-1"))
    assert language_of(tmp_path, changes) == language


def test_without_an_account_file_the_language_is_english(tmp_path):
    assert language_of(tmp_path / "nowhere") == "en"
    (tmp_path / "account.toml").mkdir()
    assert language_of(tmp_path) == "en"


def test_what_a_setting_is_for_is_said_where_it_does_not_fit():
    speak("zh-CN")
    try:
        with pytest.raises(SettingsError, match=r"低于此值即库存过低。$"):
            Settings(low_weeks="3")
    finally:
        speak("en")


def test_an_unknown_setting_names_the_nearest_known_one():
    with pytest.raises(
        SettingsError, match=re.escape("setting 'low_week': unknown setting. Did you mean 'low_weeks'?")
    ):
        Settings().change(low_week=3)


def test_every_unknown_setting_is_named():
    with pytest.raises(SettingsError) as caught:
        Settings().change(low_week=3, zzz=1)
    assert [problem.where for problem in caught.value.problems] == ["setting 'low_week'", "setting 'zzz'"]


def test_a_setting_called_self_is_just_unknown():
    with pytest.raises(SettingsError, match="setting 'self': unknown setting"):
        Settings().change(**{"self": 1})


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"low_weeks": "3"},
            "setting 'low_weeks': expected a number [week], found '3'. below this, stock is too low.",
        ),
        ({"low_weeks": True}, "setting 'low_weeks': expected a number [week], found True."),
        ({"low_weeks": None}, "setting 'low_weeks': expected a number [week], found None."),
        ({"exit_age_days": 1.5}, "setting 'exit_age_days': expected a whole number [day], found 1.5."),
        ({"sales_days": "30"}, "setting 'sales_days': expected a whole number [day], found '30'."),
        ({"target_roas": "4"}, "setting 'target_roas': expected a number [ratio], found '4'."),
        ({"preset": 3}, "setting 'preset': expected text, found 3."),
        ({"roas_cut": ["target"]}, "setting 'roas_cut': expected text, found ['target']."),
    ],
)
def test_a_mistyped_setting_is_refused(change, message):
    with pytest.raises(SettingsError, match=re.escape(message)):
        Settings().change(**change)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"low_weeks": -1}, "setting 'low_weeks': expected 0.1 to 520 [week], found -1."),
        ({"low_weeks": float("nan")}, "setting 'low_weeks': expected 0.1 to 520 [week], found nan."),
        ({"exit_weeks": float("inf")}, "setting 'exit_weeks': expected 0 to 5200 [week], found inf."),
        ({"sales_days": 0}, "setting 'sales_days': expected 1 to 366 [day], found 0."),
        ({"certainty": 0.4}, "setting 'certainty': expected 0.5 to 0.999 [fraction], found 0.4."),
        ({"units_per_order": 0}, "setting 'units_per_order': expected 0.01 to 1000 [unit], found 0."),
    ],
)
def test_a_setting_out_of_range_is_refused(change, message):
    with pytest.raises(SettingsError, match=re.escape(message) + "$"):
        Settings().change(**change)


def test_a_percentage_where_a_fraction_belongs_gets_a_hint():
    with pytest.raises(SettingsError, match=re.escape("expected 0 to 1 [fraction], found 15. For 15% write 0.15.")):
        Settings(referral_rate=15)


@pytest.mark.parametrize("value", [101, 10**400])
def test_no_hint_where_it_would_be_wrong(value):
    with pytest.raises(SettingsError, match=re.escape(f"expected 0 to 1 [fraction], found {quoted(value)}.") + "$"):
        Settings(referral_rate=value)


@pytest.mark.parametrize(("name", "value"), [("low_weeks", 0.1), ("referral_rate", 1), ("sales_days", 366)])
def test_the_ends_of_a_range_are_allowed(name, value):
    assert getattr(Settings().change(**{name: value}), name) == value


def test_every_bad_setting_is_named_at_once():
    with pytest.raises(SettingsError) as caught:
        Settings(low_weeks=-1, referral_rate=15, preset=3)
    assert len(caught.value.problems) == 3


def test_cuts_out_of_order_are_refused():
    message = (
        "the cut-offs must be in ascending order; found low_weeks = 7, healthy_weeks = 6, act_weeks = 8, "
        "urgent_weeks = 13"
    )
    with pytest.raises(SettingsError, match=message):
        Settings(low_weeks=7)


def test_equal_cuts_are_in_order():
    assert Settings(low_weeks=6).low_weeks == 6


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"preset": "article"}, "setting 'preset': expected one of ('article_2023', 'us_fee_aware_2026'), found"),
        ({"preset": "article_2024"}, "found 'article_2024'. Did you mean 'article_2023'?"),
        ({"roas_cut": "targets"}, "found 'targets'. Did you mean 'target'?"),
    ],
)
def test_an_unknown_choice_names_the_known_ones(change, message):
    with pytest.raises(SettingsError, match=re.escape(message)):
        Settings().change(**change)


def test_a_target_needs_its_number():
    with pytest.raises(
        SettingsError, match=r"'target_roas': roas_cut is 'target', but target_roas is not set\. Set target_roas\."
    ):
        Settings(roas_cut="target")


def test_a_target_with_its_number_is_taken():
    assert Settings(roas_cut="target", target_roas=4).target_roas == 4


def test_an_account_file_is_read_with_its_settings(tmp_path):
    about = read_account_file(
        account_file(tmp_path, 'name = "My shop"\nmarketplace = "DE"\npreset = "us_fee_aware_2026"\nsales_days = 28\n')
    )
    assert (about.name, about.marketplace) == ("My shop", "DE")
    assert (about.settings.low_weeks, about.settings.sales_days) == (4, 28)


def test_the_folder_gives_the_name_where_the_file_gives_none(tmp_path):
    assert read_account_file(account_file(tmp_path, 'marketplace = "US"')).name == tmp_path.name


def test_a_byte_order_mark_does_no_harm(tmp_path):
    assert read_account_file(account_file(tmp_path, 'marketplace = "US"', "utf-8-sig")).marketplace == "US"


def test_a_missing_account_file_says_how_to_make_one(tmp_path):
    with pytest.raises(SettingsError, match=r"^account.toml: the account has no account.toml. Create one with 'wockit"):
        read_account_file(tmp_path / "account.toml")


@pytest.mark.parametrize(
    ("text", "encoding", "message"),
    [
        ("marketplace = US", "utf-8", r"account.toml: cannot be read as TOML: Invalid value \(at line 1, column 15\)"),
        ('name = "Müller"', "cp1252", "account.toml: cannot be read as TOML: 'utf-8' codec can't decode"),
        ("low_weeks = " + "9" * 5000, "utf-8", "account.toml: cannot be read as TOML: Exceeds the limit"),
    ],
)
def test_a_file_that_is_no_toml_is_refused(tmp_path, text, encoding, message):
    with pytest.raises(SettingsError, match=message + r"(?s:.*)(?:that line|Write marketplace = \"US\")"):
        read_account_file(account_file(tmp_path, text, encoding))


def test_a_folder_named_account_toml_is_refused(tmp_path):
    (tmp_path / "account.toml").mkdir()
    with pytest.raises(SettingsError, match=r"account\.toml: it is not a file"):
        read_account_file(tmp_path / "account.toml")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "",
            "account.toml, 'marketplace': the marketplace is missing. Write marketplace = \"US\" or another of US, CA,",
        ),
        ('marketplace = "XX"', "account.toml, 'marketplace': found 'XX'. Write marketplace = \"US\""),
        ('marketplace = ["US"]', "account.toml, 'marketplace': found ['US']. Write marketplace = \"US\""),
        ('marketplace = "US"\nname = 3', "account.toml, 'name': expected text, found 3."),
        (
            'marketplace = "US"\nsales_day = 3',
            "account.toml, setting 'sales_day': unknown setting. Did you mean 'sales_days'?",
        ),
        ('marketplace = "US"\nreferral_rate = 15', "account.toml, setting 'referral_rate': expected 0 to 1 [fraction]"),
        ('marketplace = "US"\nlow_weeks = 7', "account.toml, settings: the cut-offs must be in ascending order"),
    ],
)
def test_a_bad_account_file_says_what_is_wrong(tmp_path, text, message):
    with pytest.raises(SettingsError, match="^" + re.escape(message)):
        read_account_file(account_file(tmp_path, text))


def test_everything_wrong_with_an_account_file_is_named_at_once(tmp_path):
    with pytest.raises(SettingsError) as caught:
        read_account_file(account_file(tmp_path, 'marketplace = "XX"\nname = 3\nlow_weeks = -1'))
    assert [problem.where for problem in caught.value.problems] == [
        "account.toml, 'marketplace'",
        "account.toml, 'name'",
        "account.toml, setting 'low_weeks'",
    ]


@pytest.mark.parametrize("marketplace", CURRENCIES)
def test_every_marketplace_is_taken(tmp_path, marketplace):
    path = account_file(tmp_path, account_file_text("x", marketplace))
    assert read_account_file(path).marketplace == marketplace


@pytest.mark.parametrize("name", ['a "b" c', "a\\b", "a\nb", "\\U0001", "小店", "", "\U000e0001", "\x1b[31m\x7f"])
def test_an_account_file_gives_its_name_back(tmp_path, name):
    assert read_account_file(account_file(tmp_path, account_file_text(name, "US"))).name == name


@given(name=st.text())
def test_any_name_comes_back(tmp_path_factory, name):
    path = account_file(tmp_path_factory.getbasetemp(), account_file_text(name, "US"))
    assert read_account_file(path).name == name


def test_a_new_account_file_holds_the_defaults(tmp_path):
    assert read_account_file(account_file(tmp_path, account_file_text("x", "US"))).settings == Settings()


def test_every_setting_of_a_new_account_file_can_be_switched_on(tmp_path):
    text = uncommented(account_file_text("x", "US"))
    assert all(f"\n{each.name} = " in text for each in fields(Settings))
    settings = read_account_file(account_file(tmp_path, text)).settings
    assert settings == Settings(sales_days=30, target_roas=3.0, ad_budget=1000.0, elasticity=1.5, incremental_share=0.7)


PRIME_DAY = '[[events]]\nname = "Prime Day"\nfirst = 2026-07-08\nlast = 2026-07-11\n'


def test_events_are_read_with_their_days(tmp_path):
    deal = '[[events]]\nname = "Deal"\nfirst = 2026-09-01\nlast = 2026-09-01\nasins = ["A", "B"]'
    text = f'marketplace = "US"\n{PRIME_DAY}{deal}'
    assert read_account_file(account_file(tmp_path, text)).events == (
        Event("Prime Day", date(2026, 7, 8), date(2026, 7, 11)),
        Event("Deal", date(2026, 9, 1), date(2026, 9, 1), asins=("A", "B")),
    )


def test_an_account_file_without_events_has_none(tmp_path):
    assert read_account_file(account_file(tmp_path, 'marketplace = "US"')).events == ()


@pytest.mark.parametrize(
    "events",
    [
        PRIME_DAY + "asin = 'A'",
        PRIME_DAY.replace("07-11", "07-07"),
        PRIME_DAY.replace("2026-07-08", '"2026-07-08"'),
        PRIME_DAY.replace("2026-07-08", "2026-07-08T00:00:00"),
        PRIME_DAY.replace("last = 2026-07-11", ""),
        PRIME_DAY.replace('"Prime Day"', "3"),
        PRIME_DAY + 'asins = "A"',
        PRIME_DAY + "asins = [1]",
        PRIME_DAY.replace("[[events]]", "[events]"),
        'events = "Prime Day"',
        "events = [2026-07-08]",
        PRIME_DAY + "[[events]]",
    ],
    ids=["unknown key", "last before first", "text for a date", "a moment for a date", "no last day", "no name",
         "asins no list", "asins no texts", "no list", "text", "days alone", "one of two empty"],
)  # fmt: skip
def test_events_that_are_none_are_refused_with_an_example(tmp_path, events):
    with pytest.raises(SettingsError) as caught:
        read_account_file(account_file(tmp_path, f'marketplace = "US"\n{events}'))
    (problem,) = caught.value.problems
    assert problem.where == "account.toml, 'events'"
    assert problem.found.startswith("expected events with dates; found ")
    assert problem.do == (
        'Write [[events]], below it name = "Prime Day", first = 2026-07-08, last = 2026-07-11 (and asins = [...]).'
    )


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"review_days": -1}, "setting 'review_days': expected 0 to 90 [day], found -1."),
        ({"review_days": 91}, "setting 'review_days': expected 0 to 90 [day], found 91."),
        ({"service_level": 0.49}, "setting 'service_level': expected 0.5 to 0.999 [fraction], found 0.49."),
        ({"service_level": 1}, "setting 'service_level': expected 0.5 to 0.999 [fraction], found 1."),
        (
            {"service_level": 90},
            "setting 'service_level': expected 0.5 to 0.999 [fraction], found 90. For 90% write 0.9.",
        ),
    ],
)
def test_a_review_or_a_service_level_out_of_range_is_refused(change, message):
    with pytest.raises(SettingsError, match="^" + re.escape(message) + "$"):
        Settings().change(**change)


def test_the_days_between_two_reviews_are_whole():
    message = "setting 'review_days': expected a whole number [day], found 7.5. days between two restock reviews."
    with pytest.raises(SettingsError, match=re.escape(message)):
        Settings().change(review_days=7.5)


@pytest.mark.parametrize(
    ("name", "value"), [("review_days", 0), ("review_days", 90), ("service_level", 0.5), ("service_level", 0.999)]
)
def test_the_ends_of_a_review_and_of_a_service_level_are_allowed(name, value):
    assert getattr(Settings().change(**{name: value}), name) == value
