"""Requests as people write them, made up for tests: nobody's real data, in the languages that occur."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Letter:
    """What a person ticks and types: rights, country, language, address, words, ground of a deletion, whose data."""

    rights: tuple[str, ...]
    country: str
    language: str
    contact: str
    text: str
    ground: str = ""
    about: str = "self"


EN, ZH = "en", "zh-hans"
LETTERS = (
    Letter(
        ("access",),
        "DE",
        EN,
        "hanna.k@example.com",
        "Bitte schicken Sie mir alles, was Sie über mich gespeichert haben (Art. 15 DSGVO).",
    ),
    Letter(
        ("access",),
        "GB",
        EN,
        "p.okafor@example.org",
        "Subject access request. I want everything incl. call notes. You have one month!!",
    ),
    Letter(
        ("access",),
        "RS",
        EN,
        "+381 64 123 4567",
        "Poštovani, želim da znam koje podatke o meni obrađujete i kome ih dajete.",
    ),
    Letter(("access",), "RS", EN, "milica@example.com", "Молим вас да ми доставите копију свих мојих података."),
    Letter(("access",), "CN", ZH, "+86 138 0013 8000", "请问你们保存了我的哪些个人信息？用在什么地方？"),
    Letter(
        ("access",),
        "FR",
        EN,
        "j.dupond@example.com",
        "Bonjour,\n\nje souhaite accéder à mes données.\n\nCordialement,\nJ. D.",
    ),
    Letter(("access",), "US", EN, "sam_1999@example.com", ""),
    Letter(
        ("access", "portability"),
        "IT",
        EN,
        "g.rossi@example.it",
        "Vorrei una copia dei miei dati in formato leggibile da un computer, grazie",
    ),
    Letter(("portability",), "NL", EN, "fem.devries@example.nl", "graag een export, ik stap over naar een ander"),
    Letter(("portability",), "CN", ZH, "lihua@example.cn", "我想把数据转移到其他平台，请提供可以导入的文件。"),
    Letter(("portability",), "SE", EN, "+46 70 174 06 05", "JSON or CSV, both fine"),
    Letter(
        ("correction",), "DE", EN, "0151 23456789", "Ich habe geheiratet und heiße jetzt Groß-Çelik, nicht mehr Groß."
    ),
    Letter(
        ("correction",), "PL", EN, "w.nowak@example.pl", "Mój adres jest nieaktualny: ul. Długa 5/7, 00-001 Warszawa."
    ),
    Letter(("correction",), "CN", ZH, "wangfang@example.com", "我的手机号已经换了，旧号码不再使用，请改成新号码。"),
    Letter(("correction",), "VN", EN, "nguyen@example.com", "Tên tôi bị sai dấu: phải là Nguyễn Thị Hường."),
    Letter(("correction",), "IE", EN, "aoife@example.ie", "You spell me Eva. It's Aoife. Third time I ask."),
    Letter(("deletion",), "DE", EN, "weg@example.de", "alles löschen bitte. danke", "6.3.4"),
    Letter(("deletion",), "ES", EN, "m.garcia@example.es", "Nunca di mi consentimiento. Borren mis datos ya.", "6.3.2"),
    Letter(("deletion",), "GB", EN, "+44 7400 123456", "I never signed up for this. Who gave you my number??", "6.3.2"),
    Letter(("deletion",), "CN", ZH, "13800138000", "贵方把我的信息给了别人，违反了约定，请全部删除。", "6.3.3"),
    Letter(("deletion",), "PT", EN, "joao@example.pt", "O serviço já não existe, apaguem a conta por favor", "6.3.5"),
    Letter(
        ("deletion",),
        "RS",
        EN,
        "obrisite@example.rs",
        "Obradjujete moje podatke suprotno zakonu. Obrišite ih.",
        "6.3.1",
    ),
    Letter(
        ("deletion", "access"),
        "AT",
        EN,
        "f.huber@example.at",
        "Erst Auskunft, dann löschen. In dieser Reihenfolge!",
        "6.3.4",
    ),
    Letter(
        ("deletion",), "JP", EN, "sato@example.jp", "もう使っていません。アカウントの情報を削除してください。", "6.3.4"
    ),
    Letter(("withdrawal",), "DE", EN, "nein@example.de", "Ich ziehe meine Einwilligung zurück."),
    Letter(("withdrawal",), "CN", ZH, "zhao@example.com", "我撤回同意，不要再给我发推荐信息。"),
    Letter(("withdrawal",), "FR", EN, "+33 6 12 34 56 78", "Stop les newsletters."),
    Letter(
        ("withdrawal", "objection"), "BE", EN, "l.peeters@example.be", "No marketing, no profiling, no sharing. None."
    ),
    Letter(
        ("objection",),
        "DK",
        EN,
        "mette@example.dk",
        "Jeg vil ikke have, at I bruger mine data til at forbedre jeres produkt.",
    ),
    Letter(("objection",), "GR", EN, "nikos@example.gr", "Δεν θέλω να χρησιμοποιείτε τα στοιχεία μου για διαφήμιση."),
    Letter(("objection",), "CN", ZH, "chen@example.cn", "我不同意你们用算法分析我的使用习惯。"),
    Letter(
        ("restriction",),
        "DE",
        EN,
        "streit@example.de",
        "Solange wir uns über die Rechnung streiten: bitte nicht löschen, aber auch nicht benutzen.",
    ),
    Letter(("restriction",), "FI", EN, "aino@example.fi", ""),
    Letter(
        ("restriction", "correction"),
        "HU",
        EN,
        "kovacs@example.hu",
        "A születési dátumom hibás. Amíg ki nem javítják, ne használják.",
    ),
    Letter(
        ("complaint",),
        "GB",
        EN,
        "angry@example.co.uk",
        "I asked in June. I asked in August. NOTHING. This is my last letter before the ICO.",
    ),
    Letter(("complaint",), "RO", EN, "ion@example.ro", "Un angajat m-a sunat pe numărul personal. De unde îl are?"),
    Letter(("complaint",), "CN", ZH, "liu@example.com", "客服态度很差，三次都说“正在处理”，一直没有结果。"),
    Letter(
        ("complaint", "access"),
        "IN",
        EN,
        "+91 98765 43210",
        "kindly do the needful and tell me who all have seen my details",
    ),
    Letter(
        ("question",), "CH", EN, "u.meier@example.ch", "Wo stehen Ihre Server, und wer ist Ihr Datenschutzbeauftragter?"
    ),
    Letter(("question",), "RU", EN, "olga@example.com", "Здравствуйте! Передаёте ли вы данные третьим лицам?"),
    Letter(("question",), "EG", EN, "salma@example.com", "هل تُنقل بياناتي إلى خارج البلاد؟"),
    Letter(("question",), "IL", EN, "noa@example.com", "כמה זמן אתם שומרים את הפרטים שלי?"),
    Letter(("question",), "CN", ZH, "sun@example.com", "注销账号以后，信息多久会删掉？"),
    Letter(
        ("question",), "BR", EN, "ana@example.com.br", "Oi! 🙂 Minha filha de 12 anos criou uma conta, o que eu faço?"
    ),
    Letter(
        ("access", "correction", "deletion", "complaint"),
        "CZ",
        EN,
        "vse@example.cz",
        "1) chci vědět co máte\n2) opravte e-mail\n3) zbytek smažte\n4) a stěžuji si <script>alert('x')</script>",
        "6.3.1",
    ),
    Letter(
        ("access", "deletion"),
        "DE",
        EN,
        "kanzlei@example.de",
        "In Vollmacht für Frau K. (Vollmacht liegt an): Auskunft und danach Löschung.",
        "6.3.4",
        "other",
    ),
    Letter(
        ("correction",), "NO", EN, "+47 406 12 345", "Min mor er 84 og ser dårlig. Navnet hennes er feil.", "", "other"
    ),
    Letter(("deletion",), "CN", ZH, "mama@example.cn", "我儿子九岁，偷偷注册了，请把他的信息删掉。", "6.3.2", "other"),
    Letter(("question",), "UA", EN, "taras@example.com", "Батько помер. Що з його обліковим записом?", "", "other"),
    Letter(
        ("deletion",),
        "KR",
        EN,
        "kim@example.com",
        "전 직장이 저를 담당자로 계속 적어 두었습니다. 제 이름과 번호를 지워 주세요.",
        "6.3.2",
        "named",
    ),
    Letter(
        ("correction",),
        "CN",
        ZH,
        "+86 139 0013 9000",
        "某公司的账号里把我写成联系人，我早就离职了，请更正。",
        "",
        "named",
    ),
    Letter(
        ("objection",),
        "TR",
        EN,
        "elif@example.com",
        "Eski kocam hesabına benim telefonumu yazmış. Bunu kullanmanızı istemiyorum!",
        "",
        "named",
    ),
)
