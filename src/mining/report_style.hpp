// How the report looks. Both languages are in the page; two radio buttons show one of them, without any script.
#pragma once

#include <string_view>

namespace tongdian::mining {

inline constexpr std::string_view report_style = R"(
:root{--ink:#1f2328;--soft:#59636e;--line:#d1d9e0;--wash:#f6f8fa;--blue:#0b57a4;--red:#b42318;--amber:#9a6700}
*{box-sizing:border-box}
body{margin:0;color:var(--ink);background:#fff;font:15px/1.6 system-ui,-apple-system,"Segoe UI","PingFang SC","Microsoft YaHei","Noto Sans CJK SC","WenQuanYi Micro Hei",sans-serif}
main{max-width:1180px;margin:0 auto;padding:24px 20px 64px}
h1{font-size:26px;margin:0 0 4px;overflow-wrap:anywhere}h2{font-size:19px;margin:40px 0 10px;padding-bottom:6px;border-bottom:1px solid var(--line)}
p{margin:6px 0}.soft{color:var(--soft);font-size:13.5px}
.lang{position:absolute;opacity:0}nav{float:right;font-size:14px}nav label{padding:3px 10px;border:1px solid var(--line);cursor:pointer}
nav label:first-child{border-radius:6px 0 0 6px}nav label:last-child{border-radius:0 6px 6px 0;border-left:0}
#zh:checked~main .en,#en:checked~main .zh{display:none}
#zh:checked~main label[for=zh],#en:checked~main label[for=en]{background:var(--blue);color:#fff;border-color:var(--blue)}
#zh:focus-visible~main label[for=zh],#en:focus-visible~main label[for=en]{outline:3px solid #79b8ff}
.cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:10px;margin:18px 0}
.card{background:var(--wash);border:1px solid var(--line);border-radius:8px;padding:10px 14px}.card b{display:block;font-size:22px;line-height:1.3;font-variant-numeric:tabular-nums}
.card>span{color:var(--soft);font-size:13px}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:14px}th,td{text-align:left;padding:6px 10px;border-bottom:1px solid var(--line);vertical-align:top}
th{font-weight:600;color:var(--soft);font-size:13px;white-space:nowrap}td.r,th.r{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
td.bar{width:26%;min-width:90px}td.bar i{display:block;height:11px;margin-top:6px;background:#5b8fc7;border-radius:2px;min-width:1px}
.wrap{overflow-wrap:anywhere;min-width:120px}
.map{display:block;width:100%;height:auto;margin:0 auto}.map .a{fill:none;opacity:.78}.map .b{stroke:#8aa4bf}.map text{text-anchor:middle;font-size:12px}
.map .l{font-size:12.5px;font-weight:600}.map .c{fill:var(--soft);font-size:11px}.map .n,.map .t{paint-order:stroke;stroke:#fff;stroke-width:4px;stroke-linejoin:round;font-size:10.5px}
.map .n{font-weight:600}.map .t{fill:var(--soft)}.map .begin{fill:#fff;stroke:#2da44e;stroke-width:4}.map .end{fill:#59636e;stroke:#fff;stroke-width:3}
.steps{display:flex;flex-wrap:wrap;gap:4px 2px}.steps span{background:var(--wash);border:1px solid var(--line);border-radius:4px;padding:0 7px;font-size:13px}
.steps span{position:relative;margin-right:14px}.steps span+span::before{content:"›";color:var(--soft);position:absolute;left:-13px}
.strong{color:var(--red);font-weight:600}.weak{color:var(--amber)}
details{border:1px solid var(--line);border-radius:8px;margin:10px 0;padding:0 14px}summary{cursor:pointer;padding:10px 0;font-weight:600}
details[open] summary{border-bottom:1px solid var(--line);margin-bottom:8px}
.broken{border-left:4px solid var(--red);background:#fff1f0;padding:10px 14px;margin:16px 0}
ul{padding-left:20px;margin:6px 0}li{margin:4px 0}
@media print{nav{display:none}details{break-inside:avoid}}
)";

}  // namespace tongdian::mining
