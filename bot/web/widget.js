/* Signpost's chat widget: <script src="https://HOST/widget.js" defer></script><signpost-chat country="IT"></signpost-chat>
   Attributes: server, language, country, audience (child | parent), open, inline, exit-url. See docs/widgets.md.
   Everything lives in memory: no cookie, no storage, no third party. Apache-2.0. */
(() => {
  'use strict';
  const SCRIPT = document.currentScript;
  const HOME = SCRIPT && SCRIPT.src ? new URL('.', SCRIPT.src).href : location.origin + '/';
  const NEUTRAL = 'https://www.google.com/';
  const PATIENCE = 15000;
  const PRESSES = 3, WITHIN = 5000;
  const PINNED = 3;
  const BARE = { failed: 'That did not work.', retry: 'Try again', launch: 'Ask for help', title: 'Signpost' };

  const STYLES = `
:host{--accent:var(--signpost-accent,#17625f);--on-accent:var(--signpost-on-accent,#fff);--ink:#1e2b32;--soft:#53626a;--paper:#faf6ef;--card:#fff;--line:#e4ddd0;--edge:#857d70;--tint:#e3efec;--warm:#9a3d16;--warm-tint:#fdf0e6;--good:#1c6b3c;--shade:0 12px 40px rgba(48,38,20,.18);--round:var(--signpost-radius,18px);all:initial;display:block;color-scheme:light dark;font:medium/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Noto Sans Arabic",sans-serif}
@media (prefers-color-scheme:dark){:host{--accent:var(--signpost-accent-dark,#86d3c8);--on-accent:var(--signpost-on-accent-dark,#0c2422);--ink:#e9eeec;--soft:#aab8b7;--paper:#151d20;--card:#1e282c;--line:#334046;--edge:#82918f;--tint:#234140;--warm:#ffb68a;--warm-tint:#35261d;--good:#8ed6a4;--shade:0 12px 40px rgba(0,0,0,.5)}}
:host([hidden]){display:none}
:host([inline]){height:100%}
*,*::before,*::after{box-sizing:border-box}
[hidden]{display:none!important}
button,a,select,textarea{font:inherit;color:inherit;-webkit-tap-highlight-color:transparent}
button,summary,select{cursor:pointer}
ul,ol,p,h1,h2,h3{margin:0;padding:0}
ul{list-style:none}
svg{width:1.25em;height:1.25em;flex:none;fill:none;stroke:currentColor;stroke-width:1.9;stroke-linecap:round;stroke-linejoin:round}
:focus{outline:none}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
.vh{position:absolute!important;width:1px;height:1px;margin:-1px;overflow:hidden;clip:rect(0 0 0 0);white-space:nowrap;border:0;padding:0}
.launch{position:fixed;z-index:2147483000;inset:var(--signpost-corner,auto 16px 16px auto);display:flex;align-items:center;gap:.6em;min-height:56px;padding:.6em 1.3em;border:1px solid transparent;border-radius:999px;background:var(--accent);color:var(--on-accent);font-weight:600;box-shadow:var(--shade)}
.panel{position:fixed;z-index:2147483000;inset:var(--signpost-corner,auto 16px 16px auto);display:flex;flex-direction:column;width:26em;max-width:calc(100vw - 32px);height:44em;max-height:calc(100vh - 32px);background:var(--paper);color:var(--ink);border:1px solid var(--line);border-radius:var(--round);box-shadow:var(--shade);overflow:hidden;overflow-wrap:break-word}
:host([inline]) .panel{position:relative;inset:auto;z-index:0;width:100%;max-width:none;height:100%;max-height:none}
.skip{position:absolute;z-index:3;top:8px;inset-inline-start:8px;padding:.7em 1.1em;border-radius:12px;background:var(--warm);color:var(--paper);font-weight:600}
.skip:not(:focus){clip:rect(0 0 0 0);width:1px;height:1px;padding:0;overflow:hidden}
header{flex:none;padding:.75em 1em .6em;background:var(--card);border-bottom:1px solid var(--line)}
.bar{display:flex;align-items:center;gap:.6em}
.mark{width:2.1em;height:2.1em;padding:.45em;border-radius:50%;background:var(--tint);color:var(--accent);stroke-width:2.2}
.title{flex:1;min-width:0;font-size:1.02em;line-height:1.25;font-weight:650}
.exit{display:inline-flex;align-items:center;gap:.45em;min-height:44px;padding:.35em .95em;border:1.5px solid var(--warm);border-radius:999px;background:var(--warm-tint);color:var(--warm);font-weight:650;font-size:.94em;line-height:1.2;white-space:nowrap}
.exit:hover{background:var(--warm);color:var(--paper)}
.x{display:inline-flex;align-items:center;justify-content:center;flex:none;width:44px;height:44px;border:0;border-radius:50%;background:none;color:var(--soft)}
.x:hover{background:var(--tint)}
.place{display:flex;flex-wrap:wrap;gap:.5em;margin-top:.55em}
.place label{position:relative;display:flex;flex:1 1 8em;min-width:0;align-items:center}
.place svg{position:absolute;inset-inline-start:.7em;width:1.05em;height:1.05em;color:var(--soft);pointer-events:none}
.place .down{inset-inline-start:auto;inset-inline-end:.7em;width:.9em;height:.9em}
select{width:100%;min-width:0;min-height:38px;padding-block:.2em;padding-inline:2.2em 1.9em;border:1px solid var(--edge);border-radius:12px;background:var(--card);font-size:.92em;text-overflow:ellipsis;-webkit-appearance:none;appearance:none}
select option{background:var(--card);color:var(--ink)}
.ask-place select{border-color:var(--accent);border-width:2px}
.pinned{flex:none;background:var(--warm-tint);border-bottom:1px solid var(--line)}
.pinned>button{display:flex;align-items:center;gap:.5em;width:100%;min-height:40px;padding:.3em 1em;border:0;background:none;color:var(--warm);font-weight:650;font-size:.92em;text-align:start}
.pinned>button span{flex:1}
.turned,[aria-expanded=true]>.down{transform:rotate(180deg)}
.pins{display:flex;flex-wrap:wrap;gap:.45em;padding:0 1em .75em}
.pins li{flex:1 1 auto;min-width:6.4em;max-width:100%;display:flex}
.pin{display:flex;flex:1;min-width:0;flex-direction:column;justify-content:center;min-height:48px;padding:.3em .75em;border:1px solid var(--warm);border-radius:13px;background:var(--card);color:var(--ink);text-decoration:none;line-height:1.3}
.pin:hover{background:var(--tint)}
.pin b{font-weight:700;color:var(--warm);white-space:nowrap}
.pin span{width:0;min-width:100%;font-size:.82em;color:var(--soft);overflow:hidden;display:-webkit-box;-webkit-line-clamp:2;-webkit-box-orient:vertical}
.log{position:relative;flex:1 1 auto;min-height:0;overflow-y:auto;overscroll-behavior:contain;padding:1.1em 1em .6em}
.log:focus-visible{outline-offset:-4px}
.in{max-width:44em;margin:0 auto}
.msg{margin-bottom:1.15em}
.say{padding:.95em 1.1em;background:var(--card);border:1px solid var(--line);border-radius:var(--round);border-start-start-radius:6px}
.say p+p,.say p+ol,.say p+ul,.say ol+p,.say ul+p{margin-top:.75em}
.say ol,.say ul:not(.notes){padding-inline-start:1.55em}
.say ul:not(.notes){list-style:disc}
.say li+li{margin-top:.45em}
.say ol li::marker{color:var(--accent);font-weight:700}
.say+.say,.say+.cards,.cards+.say,.say+.menu{margin-top:.65em}
.who{display:flex;align-items:center;gap:.4em;margin:0 0 .4em .2em;color:var(--soft);font-size:.85em;font-weight:600}
.you{display:flex;justify-content:flex-end}
.you p>span:last-child{display:block}
.you p{max-width:86%;padding:.6em 1.05em;border:1px solid transparent;border-radius:var(--round);border-end-end-radius:6px;background:var(--tint);white-space:pre-wrap}
.notes{margin-top:.85em;padding-top:.85em;border-top:1px solid var(--line);color:var(--soft);font-size:.9em}
.notes li{display:flex;gap:.6em}
.notes svg{margin-top:.15em;color:var(--accent)}
.cards{display:grid;gap:.6em}
.card{position:relative;padding:.95em 1.1em 1.05em;border:1px solid var(--line);border-radius:var(--round);background:var(--card)}
.card::before{content:"";position:absolute;top:1.05em;bottom:1.05em;inset-inline-start:-1px;width:4px;border-radius:4px;background:var(--accent)}
.card.sos::before{background:var(--warm)}
.name{font-size:1.02em;line-height:1.3;font-weight:680}
.why{color:var(--soft);font-size:.94em;line-height:1.4;margin-top:.15em}
.facts{display:flex;flex-wrap:wrap;gap:.1em .9em;margin-top:.45em;font-size:.87em;color:var(--soft)}
.facts li{display:flex;align-items:center;gap:.35em}
.facts li::before{content:"";width:.5em;height:.5em;border-radius:50%;border:1.5px solid currentColor}
.facts .yes{color:var(--good);font-weight:600}
.facts .yes::before{background:currentColor}
.acts{display:flex;flex-wrap:wrap;gap:.5em;margin-top:.7em}
.acts li{flex:1 1 10em;display:flex}
.acts .plain{align-items:center;min-height:44px}
.act{display:flex;flex:1;align-items:center;justify-content:center;gap:.55em;min-height:46px;padding:.4em 1em;border:1.5px solid var(--accent);border-radius:13px;background:none;color:var(--accent);font-weight:620;text-align:center;text-decoration:none;line-height:1.25}
.act:hover{background:var(--tint)}
.act.main{background:var(--accent);color:var(--on-accent)}
.act.main:hover{text-decoration:underline}
.sos .act.main{background:var(--warm);border-color:var(--warm);color:var(--paper)}
.choices{display:flex;flex-wrap:wrap;gap:.5em;margin-top:.7em}
.choice{min-height:44px;padding:.45em 1.05em;border:1.5px solid var(--accent);border-radius:22px;background:var(--card);color:var(--accent);font-weight:550;line-height:1.25;text-align:start}
.choice:hover{background:var(--tint)}
.choice.quiet{border-color:var(--edge);color:var(--ink);font-weight:450}
.menu{border:1px solid var(--line);border-radius:var(--round);background:var(--card);overflow:hidden}
.menu>p{padding:.8em 1.1em .5em;font-weight:650}
.menu>ul>li{border-top:1px solid var(--line)}
.topic{display:flex;align-items:center;gap:.6em;width:100%;min-height:50px;padding:.5em 1.1em;border:0;background:none;text-align:start;font-weight:520;line-height:1.3}
.topic span{flex:1}
.topic svg{color:var(--soft);width:1em;height:1em}
.topic:hover,.menu ul ul button:hover{background:var(--tint)}
.topic:focus-visible,.menu ul ul button:focus-visible,.pinned>button:focus-visible{outline-offset:-4px;border-radius:14px}
.menu ul ul{padding:0 .5em .6em}
.menu ul ul button{width:100%;min-height:44px;padding:.45em .8em;padding-inline-start:1.1em;border:0;border-inline-start:3px solid var(--tint);background:none;color:var(--accent);text-align:start;line-height:1.3}
.thumbs{display:flex;flex-wrap:wrap;align-items:center;gap:.3em;margin-top:.6em;color:var(--soft);font-size:.9em}
.thumbs button{display:inline-flex;align-items:center;justify-content:center;width:44px;height:44px;border:1px solid transparent;border-radius:50%;background:none;color:var(--soft)}
.thumbs button:hover{background:var(--tint)}
.thumbs [aria-pressed=true]{background:var(--tint);color:var(--accent);border-color:var(--accent)}
footer{flex:none;padding:.6em 1em .8em;background:var(--card);border-top:1px solid var(--line)}
.notice{display:flex;flex-wrap:wrap;align-items:center;gap:.5em .8em;max-width:44em;margin:0 auto .55em;color:var(--soft);font-size:.94em}
.notice p{flex:1 1 12em}
.notice.bad{padding:.6em .6em .6em .95em;border:1px solid var(--warm);border-radius:14px;background:var(--warm-tint);color:var(--ink)}
form{display:flex;align-items:flex-end;gap:.5em;max-width:44em;margin:0 auto}
textarea{flex:1;min-width:0;min-height:48px;max-height:9.5em;padding:.68em 1.05em;border:1.5px solid var(--edge);border-radius:24px;background:var(--paper);line-height:1.4;resize:none}
textarea::placeholder{color:var(--soft);opacity:1}
.send{display:inline-flex;align-items:center;justify-content:center;flex:none;width:48px;height:48px;border:1px solid transparent;border-radius:50%;background:var(--accent);color:var(--on-accent)}
[dir=rtl] .flip{transform:scaleX(-1)}
@media (max-width:30em){:host(:not([inline])) .panel{inset:0;width:100%;max-width:none;height:100%;max-height:none;border:0;border-radius:0}:host([inline]) .panel{border:0;border-radius:0}header{padding:.55em .8em}.log{padding:.9em .8em .4em}.pins{padding:0 .8em .6em}.pinned>button{padding:.3em .8em}footer{padding:.5em .8em .6em}}
@media (max-width:22em){.bar{flex-wrap:wrap}.mark{display:none}.title{flex:1 1 8em}.you p{max-width:95%}}
@media (max-height:34em){.panel{display:block;overflow-y:auto;scroll-padding-top:5em}header{display:contents}.bar{position:sticky;z-index:2;top:0;padding:.5em .8em;background:var(--card);border-bottom:1px solid var(--line)}.place{margin:0;padding:.5em .8em;background:var(--card)}.log{overflow:visible}.pins{flex-wrap:nowrap;overflow-x:auto}}
@media (max-height:34em) and (min-height:20em){.pinned{position:sticky;z-index:1;top:3.8em}.panel.urged{scroll-padding-top:12em}}
@media (prefers-reduced-motion:no-preference){.log,.panel{scroll-behavior:smooth}.msg.new{animation:rise .25s ease-out}@keyframes rise{from{opacity:.2;transform:translateY(6px)}}.down{transition:transform .15s}}
@media (forced-colors:active){.act.main,.you p,.send,.launch,.mark{border:1px solid ButtonText}:focus-visible{outline-color:Highlight}}
@media print{:host{display:none}}
`;

  const ICONS = {
    sign: 'M12 3v18M12 5h6l2.5 2.5L18 10h-6M12 11H6l-2.5 2.5L6 16h6',
    exit: 'M9 4H5v16h4M14 8l4 4-4 4M18 12H9',
    x: 'M6 6l12 12M18 6L6 18',
    globe: 'M12 3a9 9 0 100 18 9 9 0 000-18zM3 12h18M12 3c3 3 3 15 0 18M12 3c-3 3-3 15 0 18',
    spot: 'M12 21c5-5.5 7-8.5 7-11.5a7 7 0 10-14 0C5 12.500 7 15.500 12 21zM12 7.500a2.200 2.200 0 100 4.400 2.200 2.200 0 000-4.400z',
    down: 'M5 9l7 7 7-7',
    call: 'M6 3h3l2 5-2.500 1.500a12 12 0 006 6L16 13l5 2v3a3 3 0 01-3 3C10 21 3 14 3 6a3 3 0 013-3z',
    talk: 'M4 5h16v11H10l-5 4v-4H4z',
    page: 'M14 4h6v6M20 4l-9 9M18 14v6H4V6h6',
    lock: 'M6 11h12v9H6zM8.500 11V8a3.500 3.500 0 017 0v3',
    send: 'M4 12h15M13 6l6 6-6 6',
    up: 'M7 10v10H4V10zM7 10l4-7c2 0 2.500 1.500 2 3.500L12.500 9H19l-1.500 11H7',
    thumbdown: 'M7 14V4H4v10zM7 14l4 7c2 0 2.500-1.500 2-3.500L12.500 15H19L17.500 4H7',
  };

  const add = (el, kids) => {
    for (const kid of kids) if (Array.isArray(kid)) add(el, kid); else if (kid) el.append(kid);
    return el;
  };
  const h = (tag, given, ...kids) => {
    const el = document.createElement(tag);
    for (const [name, value] of Object.entries(given || {})) {
      if (value == null || value === false) continue;
      if (typeof value === 'function') el.addEventListener(name, value);
      else el.setAttribute(name, value === true ? '' : value);
    }
    return add(el, kids);
  };
  const icon = (name, kind) => {
    const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    const path = document.createElementNS(svg.namespaceURI, 'path');
    for (const [key, value] of [['viewBox', '0 0 24 24'], ['aria-hidden', 'true'], ['class', kind || name]]) svg.setAttribute(key, value);
    path.setAttribute('d', ICONS[name]);
    svg.append(path);
    return svg;
  };
  const web = (url) => typeof url === 'string' && /^https?:\/\//i.test(url);
  const dials = (number) => /^[+*#\d]+$/.test(number);
  const whole = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const isolate = (number) => '\u2066' + number + '\u2069';
  const hush = (text) => h('span', { class: 'vh' }, text);

  /** A reply's text as paragraphs and lists: the same rule as on the page without scripts. */
  const passages = (text) => {
    const found = [];
    for (const paragraph of text.split('\n\n')) {
      for (const line of paragraph.split('\n').filter(Boolean)) {
        const item = /^(?:\d+[.)]|[-•]) +(.*)/.exec(line);
        const tag = !item ? 'p' : /^\d/.test(line) ? 'ol' : 'ul';
        const last = found[found.length - 1];
        if (!item) found.push(h('p', null, line));
        else if (last && last.localName === tag) last.append(h('li', null, item[1]));
        else found.push(h(tag, null, h('li', null, item[1])));
      }
    }
    return found;
  };

  let sheet = null;
  const dress = (root, server) => {
    if ('adoptedStyleSheets' in Document.prototype && 'replaceSync' in CSSStyleSheet.prototype) {
      if (!sheet) (sheet = new CSSStyleSheet()).replaceSync(STYLES);
      root.adoptedStyleSheets = [sheet];
    } else root.append(h('link', { rel: 'stylesheet', href: server + 'widget.css' }));
  };

  class SignpostChat extends HTMLElement {
    static get observedAttributes() { return ['open', 'language', 'country']; }

    connectedCallback() {
      if (!this.shadowRoot) this.build();
      this.keys = (event) => this.counted(event);
      this.hides = () => this.forget();
      this.shows = (event) => { if (event.persisted) this.gone ? location.reload() : this.greet(); };
      this.taps = (event) => {
        const link = event.target instanceof Element && event.target.closest('[data-signpost-exit]');
        if (link) this.leave(event);
      };
      document.addEventListener('keydown', this.keys, true);
      document.addEventListener('click', this.taps);
      addEventListener('pagehide', this.hides);
      addEventListener('pageshow', this.shows);
    }

    disconnectedCallback() {
      document.removeEventListener('keydown', this.keys, true);
      document.removeEventListener('click', this.taps);
      removeEventListener('pagehide', this.hides);
      removeEventListener('pageshow', this.shows);
      this.forget();
    }

    attributeChangedCallback(name, old, value) {
      if (!this.shadowRoot || old === value) return;
      if (name === 'open') this.unfold();
      else if (value) this.move({ [name]: value });
    }

    get server() {
      const given = this.getAttribute('server');
      return given ? given.replace(/\/*$/, '/') : HOME;
    }

    get shown() { return this.hasAttribute('open') || this.hasAttribute('inline'); }

    build() {
      const root = this.attachShadow({ mode: 'open' });
      dress(root, this.server);
      this.presses = [];
      this.begun = this.busy = this.urgent = false;
      this.t = BARE;
      this.country = (this.getAttribute('country') || '').toUpperCase() || null;
      const near = this.closest('[lang]');
      this.language = this.getAttribute('language') || (near && near.lang) || navigator.language || 'en';
      const exit = () => ({ class: 'exit', type: 'button', click: (event) => this.leave(event) });
      const choose = (label, name, change) => {
        const select = h('select', { autocomplete: 'off', change });
        return [h('label', null, icon(name), label, select, icon('down')), select];
      };
      const e = this.e = {};
      e.launchWord = h('span');
      e.launch = h('button', { class: 'launch', type: 'button', 'aria-expanded': 'false', hidden: true, click: () => this.setAttribute('open', '') }, icon('talk'), e.launchWord);
      e.skip = h('a', { class: 'skip', href: this.exitUrl(), rel: 'noreferrer', click: (event) => this.leave(event) });
      const inline = this.hasAttribute('inline');
      this.heading = inline ? 'h2' : 'h3';
      e.title = h(inline ? 'h1' : 'h2', { class: 'title' });
      e.exitWord = h('span');
      e.close = h('button', { class: 'x', type: 'button', click: () => this.fold() }, icon('x', 'cross'));
      e.languageWord = hush('');
      e.countryWord = hush('');
      [e.languageLabel, e.languages] = choose(e.languageWord, 'globe', () => this.move({ language: e.languages.value }));
      [e.countryLabel, e.countries] = choose(e.countryWord, 'spot', () => this.move({ country: e.countries.value }));
      e.pinnedWord = h('span');
      e.pinnedButton = h('button', { type: 'button', 'aria-expanded': 'true', click: () => this.toggle(e.pinnedButton, e.pins) }, icon('call'), e.pinnedWord, icon('down'));
      e.pins = h('ul', { class: 'pins' });
      e.pinned = h('section', { class: 'pinned', hidden: true }, e.pinnedButton, e.pins);
      e.said = h('div', { class: 'in' });
      e.log = h('div', { class: 'log', role: 'log', tabindex: '0' }, e.said);
      e.noticeWord = h('p', { role: 'status' });
      e.retry = h('button', { class: 'choice', type: 'button', hidden: true, click: () => this.again() });
      e.notice = h('div', { class: 'notice' }, e.noticeWord, e.retry);
      e.boxWord = hush('');
      e.box = h('textarea', { id: 'box', rows: '1', maxlength: '4000', autocomplete: 'off', enterkeyhint: 'send', input: () => this.fit(), keydown: (event) => {
        if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) { event.preventDefault(); this.send(); }
      } });
      e.send = h('button', { class: 'send' }, icon('send', 'flip'));
      e.form = h('form', { submit: (event) => { event.preventDefault(); this.send(); } }, h('label', { for: 'box', class: 'vh' }, e.boxWord), e.box, e.send);
      e.panel = h('section', { class: 'panel', tabindex: '-1', hidden: true, keydown: (event) => { if (event.key === 'Escape' && !this.hasAttribute('inline')) this.fold(); } },
        e.skip,
        h('header', null,
          h('div', { class: 'bar' }, icon('sign', 'mark'), e.title, h('button', exit(), icon('exit', 'flip'), e.exitWord), !inline && e.close),
          h('div', { class: 'place' }, e.languageLabel, e.countryLabel)),
        e.pinned, e.log, h('footer', null, e.notice, e.form));
      root.append(e.launch, e.panel);
      this.load();
    }

    /* ---- what is delivered before anything is asked ---- */

    async load() {
      try {
        await this.fetchStart(this.language, this.country);
        this.quiet();
      } catch {
        this.e.launchWord.textContent = this.t.launch;
        this.fail(null, () => this.load());
      }
      this.unfold();
    }

    async fetchStart(language, country) {
      const query = '?language=' + encodeURIComponent(language) + (country ? '&country=' + encodeURIComponent(country) : '');
      const start = await this.call('v1/widget' + query);
      this.start = start;
      this.t = start.strings;
      this.language = start.language;
      this.country = start.country;
      if (!this.begun) this.token = start.conversation;
      this.paint();
    }

    paint() {
      const { e, t, start } = this;
      this.e.panel.lang = e.launch.lang = start.language;
      this.e.panel.dir = e.launch.dir = start.direction;
      for (const [el, word] of [[e.launchWord, t.launch], [e.skip, t.exit], [e.title, t.title], [e.exitWord, t.exit], [e.languageWord, t.language], [e.countryWord, t.country], [e.pinnedWord, t.pinned], [e.boxWord, t.write], [e.retry, t.retry]]) el.textContent = word;
      for (const [el, word] of [[e.panel, t.title], [e.log, t.log], [e.close, t.close], [e.send, t.send]]) el.setAttribute('aria-label', word);
      e.box.placeholder = t.write;
      const fill = (select, entries, value) => {
        select.textContent = '';
        for (const [code, name, lang] of entries) select.append(h('option', { value: code, lang, selected: code === value }, name));
        select.value = value;
      };
      fill(e.languages, start.languages.map((one) => [one.language, one.name, one.language]), start.language);
      fill(e.countries, [...(this.country ? [] : [['', t.choose_country]]), ...start.countries.map((one) => [one.country, one.name])], this.country || '');
      e.countryLabel.classList.toggle('ask-place', !this.country);
      if (!this.begun) this.greet();
    }

    greet() {
      const { e, t, start } = this;
      if (!start) return;
      e.said.textContent = '';
      e.said.append(h('div', { class: 'msg', lang: start.language, dir: start.direction },
        h('p', { class: 'who' }, t.robot),
        h('div', { class: 'say' }, passages(start.introduction),
          h('ul', { class: 'notes' }, h('li', null, icon('lock'), h('span', null, t.privacy)), h('li', null, icon('exit', 'flip'), h('span', null, t.exit_hint)))),
        this.menu()));
    }

    /** Every intent without typing: topics that unfold. */
    menu() {
      const { t, start } = this;
      return h('div', { class: 'menu' }, h('p', null, t.topics), h('ul', null, start.topics.map((topic) => {
        const list = h('ul', { hidden: true }, topic.choices.map((one) => h('li', null, h('button', { type: 'button', click: () => this.choose(one) }, one.title))));
        const button = h('button', { class: 'topic', type: 'button', 'aria-expanded': 'false', click: () => this.toggle(button, list) }, h('span', null, topic.title), icon('down'));
        return h('li', null, button, list);
      })));
    }

    toggle(button, list) {
      list.hidden = !list.hidden;
      button.setAttribute('aria-expanded', String(!list.hidden));
    }

    /* ---- asking ---- */

    send() {
      const text = this.e.box.value.trim();
      if (text) this.ask({ text }, text);
      else this.e.box.focus();
    }

    choose(one) {
      if (one.choice === 'topics' && this.start) this.say([this.bubble(one.title), h('div', { class: 'msg new', lang: this.start.language, dir: this.start.direction }, this.menu())]);
      else this.ask({ choice: one.choice }, one.title);
    }

    async ask(request, shown) {
      if (this.busy) return;
      const { e } = this;
      const asked = { ...request, language: this.language };
      const audience = this.getAttribute('audience');
      if (this.token) asked.conversation = this.token;
      if (this.country) asked.country = this.country;
      if (audience === 'child' || audience === 'parent') asked.audience = audience;
      this.wait(true);
      try {
        const reply = await this.call('v1/messages', asked);
        if (this.gone) return;
        this.quiet();
        if (request.text) { e.box.value = ''; this.fit(); }
        this.answered(reply, shown);
      } catch (error) {
        if (!this.gone) this.fail(error, () => this.ask(request, shown));
      } finally {
        this.wait(false);
      }
    }

    /** Another language or country: the page turns to it, and the last answer comes again for it. */
    async move(change) {
      const { e } = this;
      if (this.busy) return this.paint();
      const name = 'country' in change ? 'country' : 'language';
      if (!change[name]) return;
      this.wait(true);
      try {
        await this.fetchStart(change.language || this.language, 'country' in change ? change.country : this.country);
        this.quiet();
        if (this.urgent) this.pin(this.start.help);
      } catch (error) {
        this.wait(false);
        if (this.start) this.paint();
        return this.fail(error, () => this.move(change));
      }
      this.wait(false);
      const select = name === 'country' ? e.countries : e.languages;
      if (this.begun) await this.ask({ choice: name + ':' + select.value }, select.options[select.selectedIndex].text);
    }

    async answered(reply, shown) {
      this.token = reply.conversation;
      this.begun = true;
      const moved = reply.country !== this.country;
      const pressing = reply.intent && ['emergency', 'urgent'].includes(reply.intent.severity);
      if (pressing) { this.urgent = true; this.pin(reply.reply); }
      else if (moved && this.urgent) this.pin([]);
      this.say([this.bubble(shown), this.message(reply)]);
      if (moved || reply.language !== this.language) {
        this.country = reply.country;
        this.language = reply.language;
        try { await this.fetchStart(reply.language, reply.country); } catch { return; }
        if (this.urgent && (!pressing || this.e.pinned.hidden)) this.pin(this.start.help);
      } else if (pressing && this.e.pinned.hidden && this.start) this.pin(this.start.help);
    }

    call(path, body) {
      const stop = new AbortController();
      const timer = setTimeout(() => stop.abort(), PATIENCE);
      const given = { signal: stop.signal, credentials: 'omit', cache: 'no-store', referrerPolicy: 'no-referrer' };
      if (body) Object.assign(given, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
      return fetch(this.server + path, given).then((response) => response.json().then((data) => {
        if (!response.ok) throw Object.assign(new Error(response.status), { status: response.status, reply: data.reply });
        return data;
      })).finally(() => clearTimeout(timer));
    }

    wait(busy) {
      this.busy = busy;
      this.e.box.readOnly = busy;
      clearTimeout(this.waiting);
      if (busy) this.waiting = setTimeout(() => { if (this.busy && this.t.wait) this.e.noticeWord.textContent = this.t.wait; }, 700);
      else if (this.e.retry.hidden) this.e.noticeWord.textContent = '';
    }

    /* ---- when it fails: the words stay in the box, one button tries again, numbers show ---- */

    fail(error, again) {
      const { e, t } = this;
      this.retry = again;
      e.notice.classList.add('bad');
      e.retry.textContent = t.retry;
      e.retry.hidden = false;
      e.noticeWord.textContent = error && error.status === 429 ? t.too_many : t.failed;
      const help = (error && error.reply) || (this.start && this.start.help);
      if (help && (!this.urgent || e.pinned.hidden)) this.pin(help);
    }

    quiet() {
      const { e } = this;
      if (e.retry.hidden) return;
      if (this.shadowRoot.activeElement === e.retry) e.box.focus();
      e.notice.classList.remove('bad');
      e.retry.hidden = true;
      e.noticeWord.textContent = '';
      if (!this.urgent) this.pin([]);
    }

    again() {
      if (!this.busy && this.retry) this.retry();
    }

    /* ---- showing ---- */

    say(messages) {
      const { e } = this;
      e.said.append(...messages);
      const box = getComputedStyle(e.log).overflowY === 'visible' ? e.panel : e.log;
      box.scrollTop += messages[0].getBoundingClientRect().top - box.getBoundingClientRect().top - (parseFloat(getComputedStyle(box).scrollPaddingTop) || 12);
    }

    bubble(text) {
      return h('div', { class: 'msg you' }, h('p', null, hush(this.t.you + ': '), h('span', { dir: 'auto' }, text)));
    }

    message(reply) {
      const { t } = this;
      const blocks = reply.reply.map((block) => block.type === 'text' ? h('div', { class: 'say' }, passages(block.text))
        : block.type === 'contacts' ? h('ul', { class: 'cards' }, block.contacts.map((one) => this.card(one)))
        : block.type === 'choices' ? h('div', { class: 'choices' }, block.choices.map((one) => h('button', { class: /^(intent|topic)/.test(one.choice) ? 'choice' : 'choice quiet', type: 'button', click: () => this.choose(one) }, one.title)))
        : null);
      const judged = reply.outcome === 'answered' && reply.intent && reply.intent.severity !== 'smalltalk';
      return h('div', { class: 'msg new', lang: reply.language, dir: reply.direction }, hush(t.robot + ': '), blocks, judged && this.thumbs(reply.conversation));
    }

    card(one) {
      const { t } = this;
      const dir = { dir: 'auto' };
      const link = (url, word, main) => web(url) && h('li', null, h('a', { class: main ? 'act main' : 'act', href: url, target: '_blank', rel: 'noopener noreferrer' }, icon(word === t.chat ? 'talk' : 'page', 'flip'), h('span', null, word, hush(' (' + t.new_tab + '), ' + one.name))));
      const ring = (phone) => dials(phone.dial) && h('li', null, h('a', { class: 'act main', href: 'tel:' + phone.dial }, icon('call'), h('span', null, whole(t.call, { number: isolate(phone.number) }), hush(', ' + one.name))));
      const write = (line) => line.how === 'SMS' && dials(line.dial)
        ? h('li', null, h('a', { class: 'act', href: 'sms:' + line.dial }, icon('talk', 'flip'), h('span', null, whole(t.sms, { number: isolate(line.number) }))))
        : h('li', { class: 'plain' }, h('span', null, line.how + ': ', h('bdi', null, line.number)));
      const phoned = one.phones.length > 0;
      return h('li', { class: one.kind === 'emergency' ? 'card sos' : 'card' },
        h(this.heading, { class: 'name', ...dir }, one.name),
        h('p', { class: 'why' }, one.why),
        h('ul', { class: 'facts' },
          one.hours_text && h('li', { class: one.open_now ? 'yes' : null }, one.hours_text),
          phoned && one.phones[0].free && h('li', null, t.free),
          one.anonymous && h('li', null, t.nameless),
          this.speaks(one.languages)),
        h('ul', { class: 'acts' }, one.phones.map(ring), one.text.map(write),
          link(one.chat_url, t.chat, !phoned),
          link(one.report_url, t.report, !phoned && !one.chat_url),
          one.url !== one.chat_url && one.url !== one.report_url && link(one.url, t.site, !phoned && !one.chat_url && !one.report_url)));
    }

    /** Says in which languages a service answers where it is not the visitor's own. */
    speaks(tags) {
      if (!tags.length || tags.some((tag) => tag.split('-')[0] === this.language.split('-')[0]) || !window.Intl || !Intl.DisplayNames) return null;
      const names = new Intl.DisplayNames([this.language], { type: 'language' });
      return h('li', null, whole(this.t.speaks, { languages: tags.slice(0, 4).map((tag) => names.of(tag)).join(', ') }));
    }

    thumbs(conversation) {
      const { t } = this;
      const told = h('span', { role: 'status' });
      const buttons = [true, false].map((helpful) => h('button', { type: 'button', 'aria-pressed': 'false', 'aria-label': helpful ? t.yes : t.no, click: async (event) => {
        const button = event.currentTarget;
        if (told.textContent || this.busy) return;
        button.setAttribute('aria-pressed', 'true');
        try {
          await this.call('v1/feedback', { conversation, helpful });
          told.textContent = t.counted;
        } catch { button.setAttribute('aria-pressed', 'false'); }
      } }, icon(helpful ? 'up' : 'thumbdown')));
      return h('div', { class: 'thumbs' }, h('span', null, t.helpful), buttons, told);
    }

    /** Keeps in sight who can help: the emergency number first, then who can be called. */
    pin(blocks) {
      const { e, t } = this;
      const rank = (one) => (one.kind === 'emergency' ? 0 : one.phones.length || one.chat_url ? 1 : 2);
      const cards = [].concat(...blocks.filter((block) => block.type === 'contacts').map((block) => block.contacts));
      cards.sort((one, other) => rank(one) - rank(other));
      e.pins.textContent = '';
      for (const one of cards.slice(0, PINNED)) {
        const phone = one.phones.find((each) => dials(each.dial));
        const url = [one.chat_url, one.report_url, one.url].find(web);
        if (phone) e.pins.append(h('li', null, h('a', { class: 'pin', href: 'tel:' + phone.dial }, h('b', null, h('bdi', null, phone.number)), ' ', h('span', { dir: 'auto' }, one.name))));
        else if (url) e.pins.append(h('li', null, h('a', { class: 'pin', href: url, target: '_blank', rel: 'noopener noreferrer' }, h('b', null, url === one.chat_url ? t.chat : url === one.report_url ? t.report : t.site), ' ', h('span', { dir: 'auto' }, one.name, hush(' (' + t.new_tab + ')')))));
      }
      e.pinned.hidden = !e.pins.children.length;
      e.panel.classList.toggle('urged', !e.pinned.hidden);
      if (this.start) e.pinned.lang = this.start.language;
    }

    fit() {
      const { box } = this.e;
      box.dir = box.value ? 'auto' : '';
      box.style.height = 'auto';
      if (box.value) box.style.height = box.scrollHeight + 3 + 'px';
    }

    unfold() {
      const { e } = this;
      const was = !e.panel.hidden;
      e.panel.hidden = !this.shown;
      e.launch.hidden = this.shown;
      e.launch.setAttribute('aria-expanded', String(this.shown));
      if (this.asked && this.shown && !was) e.panel.focus();
      this.asked = true;
    }

    fold() {
      this.removeAttribute('open');
      this.e.launch.focus();
    }

    /* ---- leaving ---- */

    exitUrl() {
      try {
        const url = new URL(this.getAttribute('exit-url') || NEUTRAL, location.href);
        return /^https?:$/.test(url.protocol) ? url.href : NEUTRAL;
      } catch { return NEUTRAL; }
    }

    counted(event) {
      if (event.key !== 'Shift') this.presses = [];
      else if (!event.repeat && (this.shown || this.begun)) {
        const now = performance.now();
        this.presses = [...this.presses.filter((then) => now - then < WITHIN), now];
        if (this.presses.length >= PRESSES) this.leave();
      }
    }

    /** Covers the page at once, forgets, and puts a neutral page in the place of this one in the history. */
    leave(event) {
      if (event) event.preventDefault();
      this.gone = true;
      const cover = document.createElement('div');
      Object.assign(cover.style, { position: 'fixed', top: 0, left: 0, width: '100vw', height: '100vh', background: '#fff', zIndex: 2147483647 });
      document.documentElement.append(cover);
      document.title = '…';
      this.forget();
      const url = this.exitUrl();
      try { window.top.location.replace(url); } catch { location.replace(url); }
    }

    forget() {
      const { e } = this;
      this.token = this.start && this.start.conversation;
      this.begun = this.urgent = false;
      this.retry = null;
      e.box.value = '';
      e.said.textContent = '';
      this.fit();
      this.pin([]);
    }
  }

  if (!customElements.get('signpost-chat')) customElements.define('signpost-chat', SignpostChat);
})();
