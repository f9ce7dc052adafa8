"""A stand-in for the bulk operations of the advertising console: it applies documented rules to a download, strictly.

Sure: H Amazon's documentation, M one good third party, L one weak voice. Where voices differ the stricter rule holds.

1  H    an upload needs only the sheet that changes; a row whose Operation is blank is left alone
2  H    Operation is Create, Update or Archive; only Update is known here; words are English (M: Chinese was refused)
3  H    ids are those of a download, as text; a row whose object is unknown fails
4  H    State is needed on every Update but that of a Bidding Adjustment; L: its case counts
5  H    names, End Date, budget, bids, strategy, percentage, state and portfolio may change, and nothing else
6  H    a blank Portfolio ID takes a campaign out of its portfolio (M: seen in life); a blank End Date removes the end
7  H    days are yyyyMMdd; amounts have a point, no sign and no thousands
8  H    bids and daily budgets keep the limits of the currency
9  H    columns for information and numbers are ignored; L: unknown columns are refused
10 H    a row that fails takes its children along
11 L-M  an ASIN in the SKU column drops every row of its ad group without a word
"""

import re

import openpyxl

LIMITS = {"USD": (0.02, 1000, 1), "EUR": (0.02, 1000, 1), "JPY": (2, 100000, 100), "INR": (1, 5000, 1)}
"""Lowest and highest bid, lowest daily budget [H]."""
OWN_ID = {
    "Campaign": "Campaign ID", "Ad Group": "Ad Group ID", "Product Ad": "Ad ID", "Keyword": "Keyword ID",
    "Product Targeting": "Product Targeting ID", "Negative Keyword": "Keyword ID",
}  # fmt: skip
MAY_CHANGE = {
    "Campaign Name", "Ad Group Name", "End Date", "Daily Budget", "Ad Group Default Bid", "Bid", "Bidding Strategy",
    "Percentage", "State", "Portfolio ID",
}  # fmt: skip
FIXED = {
    "Start Date",
    "Targeting Type",
    "SKU",
    "Keyword Text",
    "Match Type",
    "Placement",
    "Product Targeting Expression",
}
AMOUNTS = ("Daily Budget", "Ad Group Default Bid", "Bid")
CHINESE = {
    "Product": "产品", "Entity": "实体层级", "Operation": "操作", "Campaign ID": "广告活动编号",
    "Ad Group ID": "广告组编号", "Portfolio ID": "广告组合编号", "Ad ID": "广告编号", "Keyword ID": "关键词编号",
    "Product Targeting ID": "商品投放 ID", "Campaign Name": "广告活动名称", "Ad Group Name": "广告组名称",
    "Start Date": "开始日期", "End Date": "结束日期", "Targeting Type": "投放类型", "State": "状态",
    "Daily Budget": "每日预算", "ASIN": "ASIN（仅供参考）", "Ad Group Default Bid": "广告组默认竞价", "Bid": "竞价",
    "Keyword Text": "关键词文本", "Match Type": "匹配类型", "Bidding Strategy": "竞价方案", "Placement": "广告位",
    "Percentage": "百分比", "Product Targeting Expression": "拓展商品投放编号", "Impressions": "展示量",
    "Clicks": "点击量", "Spend": "花费", "Sales": "销量", "Orders": "订单数量",
}  # fmt: skip
CHINESE_WORDS = {
    "Sponsored Products": "商品推广", "Campaign": "广告活动", "Ad Group": "广告组", "Product Ad": "商品广告",
    "Keyword": "关键词", "Product Targeting": "商品定向", "enabled": "已启用", "paused": "已暂停",
}  # fmt: skip
GERMAN = {
    "Product": "Produkt", "Entity": "Entität", "Campaign ID": "Kampagnen-ID", "Ad Group ID": "Anzeigengruppen-ID",
    "Portfolio ID": "Portfolio-ID", "Ad ID": "Anzeigen-ID", "Keyword ID": "Keyword-ID",
    "Product Targeting ID": "Produkt-Targeting-ID", "Campaign Name": "Kampagnenname",
    "Ad Group Name": "Name der Anzeigengruppe", "Start Date": "Startdatum", "End Date": "Enddatum",
    "Targeting Type": "Targeting-Typ", "State": "Zustand", "Daily Budget": "Tagesbudget",
    "ASIN": "ASIN (Nur zu Informationszwecken)", "Ad Group Default Bid": "Standardgebot für die Anzeigengruppe",
    "Bid": "Gebot", "Keyword Text": "Keyword-Text", "Match Type": "Übereinstimmungstyp",
    "Bidding Strategy": "Gebotsstrategie", "Placement": "Platzierung", "Percentage": "Prozentsatz",
    "Product Targeting Expression": "Ausdruck für Produkt-Targeting", "Clicks": "Klicks", "Spend": "Ausgaben",
    "Sales": "Verkäufe", "Orders": "Bestellungen",
}  # fmt: skip
GERMAN_WORDS = {
    "Campaign": "Kampagne", "Ad Group": "Anzeigengruppe", "Product Ad": "Produktanzeige",
    "Product Targeting": "Produkt-Targeting", "Bidding Adjustment": "Gebotsanpassung", "enabled": "Aktiviert",
    "paused": "Angehalten",
}  # fmt: skip
SPANISH = {
    "Product": "Producto", "Entity": "Entidad", "Operation": "Operación", "Campaign ID": "ID de la campaña",
    "Ad Group ID": "ID del grupo de anuncios", "Portfolio ID": "ID de la cartera", "Ad ID": "ID del anuncio",
    "Keyword ID": "ID de palabra clave", "Product Targeting ID": "ID de segmentación por productos",
    "Campaign Name": "Nombre de la campaña", "Ad Group Name": "Nombre del grupo de anuncios",
    "Start Date": "Fecha de inicio", "End Date": "Fecha de finalización", "Targeting Type": "Tipo de segmentación",
    "State": "Estado", "Daily Budget": "Presupuesto diario", "ASIN": "ASIN (Solo informativo)",
    "Ad Group Default Bid": "Puja predeterminada del grupo de anuncios", "Bid": "Puja",
    "Keyword Text": "Texto de palabra clave", "Match Type": "Tipo de coincidencia",
    "Bidding Strategy": "Estrategia de pujas", "Placement": "Emplazamiento", "Percentage": "Porcentaje",
    "Product Targeting Expression": "Fórmula de segmentación por productos", "Impressions": "Impresiones",
    "Clicks": "Clics", "Spend": "Gasto", "Sales": "Ventas", "Orders": "Pedidos",
}  # fmt: skip
SPANISH_WORDS = {
    "Campaign": "Campaña", "Ad Group": "Grupo de anuncios", "Product Ad": "Anuncio de producto",
    "Keyword": "Palabra clave", "Product Targeting": "Segmentación por productos",
    "Bidding Adjustment": "Ajuste de puja", "enabled": "activada", "paused": "en pausa",
}  # fmt: skip
JAPANESE = {
    "Product": "プロダクト", "Entity": "エンティティ", "Operation": "操作", "Campaign ID": "キャンペーンID",
    "Ad Group ID": "広告グループID", "Portfolio ID": "ポートフォリオID", "Ad ID": "広告ID",
    "Keyword ID": "キーワードID", "Product Targeting ID": "商品ターゲティングID", "Campaign Name": "キャンペーン名",
    "Ad Group Name": "広告グループ名", "Start Date": "開始日", "End Date": "終了日",
    "Targeting Type": "ターゲティングの種類", "State": "ステータス", "Daily Budget": "1日の予算",
    "ASIN": "ASIN（情報提供のみ）", "Ad Group Default Bid": "広告グループの入札額の初期値", "Bid": "入札額",
    "Keyword Text": "キーワードテキスト", "Match Type": "マッチタイプ", "Bidding Strategy": "入札戦略",
    "Placement": "掲載枠", "Percentage": "割合", "Product Targeting Expression": "商品ターゲティング式",
    "Impressions": "インプレッション数", "Clicks": "クリック数", "Spend": "支出", "Sales": "売上", "Orders": "注文",
}  # fmt: skip
JAPANESE_WORDS = {
    "Sponsored Products": "スポンサープロダクト広告", "Campaign": "キャンペーン", "Ad Group": "広告グループ",
    "Product Ad": "プロダクト広告", "Keyword": "キーワード", "Product Targeting": "商品ターゲティング",
    "enabled": "有効",
}  # fmt: skip


class Console:
    """An account's campaigns: objects by entity and id, each a row of cells by English column.

    `columns` is the header as this account has it: its English name -> what stands in the download.
    """

    def __init__(self, rows, columns, currency="USD", sheet="Sponsored Products Campaigns", words=None):
        self.rows, self.columns, self.currency, self.sheet = [dict(row) for row in rows], columns, currency, sheet
        self.words = words or {}

    @classmethod
    def of(cls, path, currency="USD", sheet="Sponsored Products Campaigns"):
        """The console that a download in English was made by."""
        header, *lines = openpyxl.load_workbook(path)[sheet].iter_rows(values_only=True)
        rows = [{name: cell for name, cell in zip(header, line, strict=True) if cell is not None} for line in lines]
        return cls(rows, {name: name for name in header}, currency, sheet)

    def sheet_bytes(self):
        """The sheet as a download shows it, cell by cell."""
        header = "\t".join(self.columns.values())
        lines = ("\t".join(repr(self._shown(row.get(name))) for name in self.columns) for row in self.rows)
        return "\n".join([header, *lines]).encode()

    def _shown(self, cell):
        return self.words.get(cell, cell) if isinstance(cell, str) or cell is None else float(cell)

    def download(self, path):
        """The next download: ids as texts."""
        book = openpyxl.Workbook()
        book.active.title = "Portfolios"
        book.active.append(["Product", "Entity", "Operation", "Portfolio ID", "Portfolio Name", "Budget Currency Code"])
        book.active.append(["Portfolios", "Portfolio", None, "9007199254740993", "All", self.currency])
        sheet = book.create_sheet(self.sheet)
        sheet.append([*self.columns.values()])
        for number, row in enumerate(self.rows, 2):
            for place, name in enumerate(self.columns, 1):
                if (value := self._shown(row.get(name))) not in (None, ""):
                    cell = sheet.cell(number, place, value)
                    cell.data_type = "s" if isinstance(value, str) else cell.data_type
        path.parent.mkdir(parents=True, exist_ok=True)
        book.save(path)
        return path

    def upload(self, path):
        """Apply an upload; the processing summary: of each of its rows `"done"`, or why it failed."""
        book = openpyxl.load_workbook(path)
        if book.sheetnames != [self.sheet]:
            return [f"unknown sheet {book.sheetnames}"]
        header, *lines = book.worksheets[0].iter_rows(values_only=True)
        english = {shown: name for name, shown in self.columns.items()}
        if strange := [cell for cell in header if cell not in english]:
            return [f"unknown columns {strange}"]  # 9
        rows = [{english[c]: cell for c, cell in zip(header, line, strict=True) if cell is not None} for line in lines]
        dropped = {row.get("Ad Group ID") for row in rows if re.fullmatch("B0[A-Z0-9]{8}", str(row.get("SKU", "")))}
        failed, summary = set(), []
        for row in sorted(rows, key=lambda row: [*OWN_ID].index(row.get("Entity", "Product Ad"))):  # parents first
            why = self._wrong(row, failed)
            if why != "done" and row.get("Entity") in ("Campaign", "Ad Group"):
                failed.add(row.get(OWN_ID[row["Entity"]]))
            if why == "done" and row.get("Ad Group ID") not in dropped - {None} and row.get("Operation"):
                self._apply(row)
            summary.append(why)
        return summary

    def _object(self, row):
        name = OWN_ID[row["Entity"]]
        return next((r for r in self.rows if r.get("Entity") == row["Entity"] and r.get(name) == row.get(name)), None)

    def _wrong(self, row, failed):
        if not row.get("Operation"):
            return "done"  # 1
        return self._wrong_word(row) or self._wrong_object(row, failed) or self._amounts(row)

    def _wrong_word(self, row):
        if (
            row["Operation"] != "Update"
            or row.get("Product") != "Sponsored Products"
            or row.get("Entity") not in OWN_ID
        ):
            return f"unknown word in {row}"  # 2
        if any(not isinstance(row.get(name, ""), str) for name in row if name.endswith(" ID")):
            return "an id is no text"  # 3
        return None

    def _wrong_object(self, row, failed):
        if {row.get("Campaign ID"), row.get("Ad Group ID")} & failed:
            return "its parent failed"  # 10
        old = self._object(row)
        if old is None or any(row.get(n) != old.get(n) for n in ("Campaign ID", "Ad Group ID")):
            return "unknown id"  # 3
        if row["Entity"] != "Bidding Adjustment" and row.get("State") not in ("enabled", "paused"):
            return f"State is {row.get('State')!r}"  # 4
        if changed := [name for name in FIXED & {*row} if row[name] != old.get(name)]:
            return f"{changed} cannot be changed"  # 5
        if "End Date" in row and not re.fullmatch(r"\d{8}", str(row["End Date"])):
            return "End Date is no day"  # 7
        return None

    def _amounts(self, row):
        low, high, budget = LIMITS[self.currency]
        for name in AMOUNTS:
            value = row.get(name)
            if value is not None and not re.fullmatch(r"\d+(\.\d+)?", str(value)):
                return f"{name} is {value!r}"  # 7
            if value is not None and not (float(value) >= budget if name == "Daily Budget" else low <= value <= high):
                return f"{name} {value} is out of range"  # 8
        return "done"

    def _apply(self, row):
        old = self._object(row)
        if row["Entity"] == "Campaign":  # 6
            for name in ("Portfolio ID", "End Date"):
                old.pop(name, None)
        old.update({name: cell for name, cell in row.items() if name in MAY_CHANGE})
