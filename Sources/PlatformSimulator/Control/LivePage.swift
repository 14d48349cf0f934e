/// The page that shows requests as they come, each check with its result. It loads nothing from elsewhere.
enum LivePage {
    static var reply: SandboxReply {
        var reply = SandboxReply.text(type: "text/html", html)
        reply.fields.append(
            (
                "content-security-policy",
                "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'"
            ))
        return reply
    }

    private static let style = """
        :root{color-scheme:light dark;--ink:#1f2328;--soft:#59636e;--line:#d1d9e0;--good:#14532d;--bad:#a40e26;
        --sheet:#fff}
        @media(prefers-color-scheme:dark){:root{--ink:#e6edf3;--soft:#9198a1;--line:#3d444d;--good:#4ade80;
        --bad:#ff7b72;--sheet:#0d1117}}
        body{font:15px/1.5 system-ui,sans-serif;margin:1.5rem;color:var(--ink);background:var(--sheet)}
        h1{font-size:1.3rem}h1 small{color:var(--soft);font-weight:400}
        table{border-collapse:collapse;width:100%}
        th,td{text-align:left;padding:.3rem .6rem;border-bottom:1px solid var(--line);vertical-align:top}
        th{color:var(--soft);font-weight:500}
        .passed{color:var(--good)}.failed{color:var(--bad);font-weight:600}.skipped{color:var(--soft)}
        td.number{text-align:right;font-variant-numeric:tabular-nums}
        details{max-width:60rem}pre{white-space:pre-wrap;overflow-wrap:anywhere}
        button{font:inherit;padding:.2rem .8rem}
        """

    private static let script = """
        const rows=document.getElementById('rows'),state=document.getElementById('state');
        const marks={passed:'✓',failed:'✗',skipped:'–'};
        let paused=false;
        function cell(row,text,name){const c=row.insertCell();c.textContent=text??'';if(name)c.className=name;
        return c}
        function show(r){if(paused)return;
        const row=rows.insertRow(0);
        cell(row,new Date(r.at).toLocaleTimeString());cell(row,r.face);
        cell(row,r.infno??r.target);
        const checks=row.insertCell();
        for(const k of r.checks){const s=document.createElement('div');s.className=k.outcome;
        s.textContent=marks[k.outcome]+' '+k.name+(k.detail?' · '+k.detail:'');checks.append(s)}
        if(r.explanation){for(const f of r.explanation.findings.slice(0,3)){const d=document.createElement('details');
        const s=document.createElement('summary');s.textContent=f.cause.zh+' · '+f.cause.en;
        const p=document.createElement('pre');
        p.textContent=[f.detail.zh,f.detail.en,f.cure.zh,f.cure.en].join('\\n');d.append(s,p);checks.append(d)}}
        cell(row,r.faults.join(', '),r.faults.length?'failed':'');
        cell(row,r.status||'—','number');cell(row,r.infcode,'number');
        cell(row,(r.microseconds/1000).toFixed(1),'number');
        while(rows.rows.length>300)rows.deleteRow(-1)}
        fetch('/traffic?limit=100').then(a=>a.json()).then(a=>a.traffic.forEach(show));
        const events=new EventSource('/events');
        events.onopen=()=>state.textContent='在线 · live';
        events.onerror=()=>state.textContent='断开 · disconnected';
        events.onmessage=e=>show(JSON.parse(e.data));
        document.getElementById('pause').onclick=e=>{paused=!paused;
        e.target.textContent=paused?'继续 · Go on':'暂停 · Pause'};
        async function check(){const a=await (await fetch('/ledger/check')).json();
        const t=document.getElementById('ledger');t.className=a.holds?'passed':'failed';
        t.textContent=a.holds?'账目一致 · the books hold':
        a.checks.filter(c=>!c.holds).map(c=>c.name+': '+c.violations).join('; ')}
        check();setInterval(check,5000);
        """

    private static let html = """
        <!doctype html>
        <html lang="zh-CN"><head><meta charset="utf-8"><title>虎符沙箱 · Hufu sandbox</title>
        <meta name="viewport" content="width=device-width,initial-scale=1"><style>\(style)</style></head><body>
        <h1>医保平台沙箱 <small>Hufu sandbox · <span id="state" role="status">…</span></small></h1>
        <p>账本 · Ledger: <span id="ledger" role="status">…</span> <button id="pause">暂停 · Pause</button></p>
        <table><thead><tr><th>时间<br>Time</th><th>接口<br>Face</th><th>交易<br>Transaction</th>
        <th>检查<br>Checks</th><th>故障<br>Faults</th><th>HTTP</th><th>infcode</th><th>ms</th></tr></thead>
        <tbody id="rows"></tbody></table>
        <script>\(script)</script></body></html>
        """
}
