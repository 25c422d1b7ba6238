"""What code, output and prose look like."""

import re

LOOK_AT = 300  # characters of a line that are looked at

SOURCE_FILE = (
    r"[\w./\\~<>-]{1,150}\.(?:pyx?|c|cc|cpp|cxx|cuh?|h|hpp|rs|java|kt|go|ts|js|jl|sh)"
)
TOOLS = (
    r"(?:(?:sudo|pip3?|conda|git|python[\d.]*|docker|apt|apt-get|brew|npm|npx|yarn"
    r"|export|wget|curl|cd|cat|mkdir|rm|cp|mv"
    r"|chmod|ssh|scp|tar|unzip|source|gcc|g\+\+|cargo|rustc|go|java|javac|uv|poetry"
    r"|jupyter|tensorboard|echo|which|kill|ps"
    r"|grep|find|tail|head|screen|tmux|torchrun|accelerate|huggingface-cli|kaggle|vim"
    r"|nano|du|set|unset|man|nvcc)\s"
    r"|(?:make|ls|nvidia-smi|pytest|uname|top|htop|df|free|env)\b|\./|\w+=\S)"
)
PYTHON_SIGN = (
    r"(?:[^()\[\]{}=+*/'\"]{0,80}[()\[\]{}=+*/'\"]"
    r"|(?:import|from|del|print|return|pass|for|if)\b|[\w.]+\s*$|$)"
)

CERTAIN = re.compile(
    rf"""
      (?:\S{{1,30}}\s)?Traceback\s\(most\ recent\ call\ last\)
    | [\w.]*(?:Error|Exception|Interrupt|Iteration)\s{{2,}}Traceback\s\(most\ recent
    | Exception\ in\ thread\ "
    | thread\ '[^']*'\ panicked\ at
    | (?:[A-Za-z_]\w*\.)*\w*(?:Error|Exception):\ .{{0,80}}(?:CUDA|cuDNN|CUBLAS|NCCL|cublas|cudnn)
    | goroutine\ \d+\ \[
    | (?:Fatal\ Python\ error|Segmentation\ fault|Aborted\ \(core\ dumped)
    | =+\ (?:test\ session\ starts|FAILURES|ERRORS|PASSES|short\ test\ summary\ info
        |warnings\ summary|.{{0,80}}\bin\ [\d.]+s.{{0,30}})\ =+
    | _{{3,}}\ \S.{{0,120}}\ _{{3,}}$
    | (?:In|Out)\s?\[\d+\]:
    | (?:\([\w./-]{{1,40}}\)\s)?[\w.-]{{1,40}}@[\w.-]{{1,60}}:[^\s$#]{{0,100}}[$\#](?:\s|$)
    | \([\w.-]{{1,40}}\)\s(?:[\w~/.@:-]{{1,80}}\s?)?[$%]\s\S
    | \[[\w.-]+@[\w.-]+\ [^\]\s]+\][$\#]\s
    | \$\ {TOOLS}
    | (?:PS\ )?[A-Z]:\\[^<>|*"]{{0,120}}>\s?\w
    | (?:Requirement\ already\ satisfied:|Successfully\ (?:installed|built|uninstalled)\ \w
        |Installing\ collected\ packages:)
    | Collecting\ [\w.-]+(?:\[[\w,]+\])?(?:[<>=!~].*|\s\(.*)?$
    | ERROR:\ (?:Could\ not\ (?:find|install|build)|No\ matching\ distribution|pip's\ dependency
        |Command\ errored|Failed)
    | error:\ (?:subprocess-exited|externally-managed|legacy-install|metadata-generation)
    | error\[E\d{{4}}\]:
    | {SOURCE_FILE}(?::\d+(?::\d+)?:|\(\d+(?:,\d+)?\)\s?:)\s
    | (?:make(?:\[\d+\])?:\ \*\*\*|collect2:\ |CMake\ Error|In\ file\ included\ from[ ]
        |ptxas\ (?:info|error|warning)\ |nvcc\ fatal)
    | \+-{{10,}}(?:\+-*)*\+\s*$
    | [A-Z][a-z]{{2}}\ [A-Z][a-z]{{2}}\ [\ \d]\d\ \d\d:\d\d:\d\d\ \d{{4}}\s*$
    | @@\ -\d+(?:,\d+)?\ \+\d+(?:,\d+)?\ @@
    | diff\ --git\ a/
    """,
    re.VERBOSE,
)
DOCTEST = re.compile(rf">>>(?:\s(?!>){PYTHON_SIGN}|$)")
RULE = re.compile(r"-{20,}\s*$")
THROWN = re.compile(r"(?:[a-z][\w$]*\.)+[A-Z][\w$]*(?:Exception|Error)(?::.*)?$")
AT_PLACE = re.compile(r"\s+at\s[\w.$<>/]+\(")
CODE = re.compile(
    r"""
      (?:async\ )?def\ \w+\s?\(
    | class\ \w+\s?(?:\(.*\))?:
    | class\ \w+.*\{$
    | import\ \w[\w.]*(?:\ as\ \w+)?(?:,\s?\w[\w.]*(?:\ as\ \w+)?)*;?\s*(?:\#.*)?$
    | from\ \.*\w[\w.]*\ import\ [\w(*]
    | import\ (?:static\ )?[\w.]+(?:\.\*)?;
    | (?:async\ )?for\ \w[\w,\s()]*\ in\ \S.*:\s*(?:\#.*)?$
    | (?:if|elif|while|with|except|assert)\s(?=.*[=<>()\[\].]).*:\s*(?:\#.*)?$
    | (?:if|for|while|switch|catch)\s?\(.*\)\s?\{?\s*$
    | \}?\s?(?:else|try|finally|do)\s?[:{]\s*$
    | (?:return|raise|yield|throw)\s.*[()\[\]=;.*+].*$
    | print\s?\(
    | [!%]{1,2}(?:pip3?|conda|cd|ls|git|wget|curl|matplotlib|load_ext|time|timeit
        |python|mkdir|bash|unzip|nvidia-smi)\b
    | \([\w\s,().]{1,100}\)\s?=\s?\S
    | [A-Za-z_][\w.]{0,80}(?:\[[^\]]{0,80}\])?(?:,\ ?\*?[A-Za-z_][\w.]{0,80})*
        (?::\ ?[\w\[\], .]{1,60})?
        \ ?(?:[-+*/@|&%]|//|\*\*|<<|>>)?=\ ?[^=\s>~](?!.*\.$)
    | (?:[A-Za-z_]\w{0,60}\.)*[A-Za-z_]\w{0,60}\((?!\d{4}[a-z]?\)).*\)\s*;?\s*(?:(?:\#|//).*)?$
    | (?:[A-Za-z_]\w{0,60}\.)+[A-Za-z_]\w{0,60}\(\s*$
    | \#(?:include\s?[<"]|define\s\w|pragma\s\w|ifn?def\s|endif|!\s?/)
    | (?:__\w+__|template\s?<|using\s(?:namespace\s\w|\w+\s?=)|namespace\s\w+\s?\{
        |typedef\s|extern\s)
    | (?:public|private|protected|static|final|const|constexpr|unsigned|inline|virtual
        |struct|enum|interface|package|func|fn|let|var|function|export|void|int|float
        |double|char|bool|auto|long|size_t|String|boolean|impl|pub|use|mut)
        \b(?=.*[;{(=]).*[;{(),]\s*(?://.*)?$
    | [\w\s:*&<>,]{1,80}\(.*\)\s*(?:const\s*)?\{\s*$
    | \}+[;,)]*\s*$
    | "[^"]{1,80}"\s?:\s?.*[,\[{\]}"\d]$
    | (?:SELECT\s.*|INSERT\ INTO\s.*|CREATE\ (?:TABLE|INDEX|VIEW)\s.*|DELETE\ FROM\s.*|FROM\ \w+.*
        |WHERE\ \w+\s?[=<>].*|GROUP\ BY\ .*|ORDER\ BY\ .*)$
    | (?:pip3?|uv\ pip|conda)\ install\ [\w.\-]
    | conda\ (?:create|activate)\b
    | git\ (?:clone|checkout|pull|push|commit|add|fetch|rebase|merge|init|remote)\b(?!.*\.$)
    | python[\d.]*\ (?:-m\ |-c\ |\S+\.py)
    | (?:sudo\ )?(?:apt|apt-get|yum|dnf|brew)\ (?:install|update)\b
    | docker\ (?:run|build|pull|compose|exec)\b
    | export\ \w+=
    | (?:wget|curl)\ (?:-|https?:)
    | (?:cd|mkdir|source)\ (?:-p\ )?[\w./~-]+$
    """,
    re.VERBOSE,
)
OUTPUT = re.compile(
    rf"""
      File\ "[^"]{{1,200}}",\ line\ \d+
    | File\ [~/\w].{{0,150}}:\d+
    | (?:Input\ |Cell\ )?In\s?\[\d+\],?\s
    | <ipython-input
    | [~/][\w./~-]+\ in\ [\w<]
    | -+>\ ?\d+[ ]
    | at\ [\w.$<>/]+\(.*\)
    | \.\.\.\ \d+\ (?:more|common)
    | Caused\ by:[ ]
    | E\ {{2,}}\S
    | >\ {{3,}}\S
    | (?:FAILED|PASSED|ERROR|SKIPPED)\ [\w/.-]+(?:::|\.py)
    | {SOURCE_FILE}(?::\d+|::\w+|\ [.FsxEX]+\s)
    | (?:[a-z_]\w*\.)*[A-Z]\w*(?:Error|Exception|Warning|Interrupt|Exit|Iteration)(?::\s.*)?$
    | (?:subprocess\.)?CalledProcessError
    | \[?\d{{4}}-\d\d-\d\d[ T]\d\d:\d\d(?::\d\d)?
    | \[?\d\d:\d\d:\d\d\]?\s
    | \[?(?:DEBUG|INFO|WARNING|WARN|ERROR|CRITICAL|FATAL|TRACE)\]?(?::|\s\s|\s-|\s\[|\]\s)
    | \[[\w./-]{{1,40}}\]:?\s(?:\[|\d|Epoch|Step|loss)
    | (?:Epoch|Step|Iter(?:ation)?|Batch|Train|Val(?:idation)?|Test)\b[:\s\[(]*\d+.*(?:\d\.\d|/\d)
    | (?:train|val|valid|test)?[ _]?(?:loss|acc|accuracy|perplexity|ppl|lr)\s?[:=]\s?[\d.]
    | \d+/\d+\ +[\[━]
    | \s*\d{{1,3}}%\|
    | \[+[-\d.,\s+e]{{3,}}\]*,?$
    | (?:tensor|array)\(
    | \|.*\|\s*$
    | \+[-=+]{{5,}}
    | \|[-=+]{{5,}}
    | (?:Downloading|Installing|Building|Preparing|Using|Collecting|Attempting|Found|Stored)
        \ .*(?:\.whl|\.tar\.gz|metadata|wheel|existing\ installation|cached|\.\.\.)
    | [\w\ ,:.\[\]/()-]{{0,60}}\b\w*(?:loss|acc|accuracy|perplexity|f1|bleu)\w*\s?[:=]\s?\d
    | (?:_{{30,}}|={{30,}}|-{{30,}})\s*$
    | <[\w-]{{1,40}}>\ in[ ]
    | \S.{{0,80}}?(?<![.?!:,\s])\ {{3,}}\S.{{0,80}}?(?<![.?!:,\s])\ {{3,}}\S
    | \S{{1,40}}(?:(?<![.?!:,])\ {{2,}}\S{{1,40}}){{2,}}\s*$
    """,
    re.VERBOSE,
)
CONTINUED = re.compile(
    r"""
      [{\[(\]})]+[;,]?\s*$
    | \#|//|/\*|\*/|\*\s|\.\.\.(?:\s|$)|"{3}|'{3}
    | During\ handling\ of|The\ above\ exception\ was|@\w|--|\|
    | (?:return|pass|break|continue|raise|yield|else|try|finally|end|fi|done)\b(?!\s\w+\s\w+\s\w+)
    """,
    re.VERBOSE,
)
STATEMENT = re.compile(r"[\w)\]\"'] ?(?:\(|\[|=|<<|\+\+|--)")
CHAINED = re.compile(r"During handling of|The above exception was|Caused by")
LONG_MESSAGE = re.compile(r"CUDA|Compile with|`\w+`|\w+\(\)|device|https?://|\d")
BEGINS_TRACE = re.compile(r"Traceback \(most recent|(?:Error|Exception): ")
INCLUDE = re.compile(r"#(?:include|define|pragma|if|endif)")
THREE_QUOTES = re.compile(r"\"{3}|'{3}")
DECORATOR = re.compile(r"@[\w.]+(?:\(.*\))?\s*$")
DEFINES = re.compile(r"(?:@|(?:async )?def |class )")
MARKDOWN = re.compile(
    r"(?:[-*+]|\d{1,3}[.)])\s|#{1,6}\s|`{3}|~{3}|\$\$|!?\[[^\]]*\]\(|\*\*|<details|</|<!--"
)
SENTENCE = re.compile(r".*(?:\s\w+){3,}[.?!]$|.*\?\s*$")
