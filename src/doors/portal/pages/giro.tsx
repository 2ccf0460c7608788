/** GiroCode (EPC069-12) as SVG: error correction M, quiet zone of four modules (ISO/IEC 18004), one path of runs. */
import type { FC } from "hono/jsx";
import { encode } from "uqr";

export const GiroSvg: FC<{ payload: string; label: string }> = ({ payload, label }) => {
  const { data, size } = encode(payload, { ecc: "M", border: 4 });
  let path = "";
  data.forEach((row, y) => {
    for (let x = 0; x < row.length; x += 1) {
      if (!row[x]) continue;
      let end = x;
      while (row[end]) end += 1;
      path += `M${x} ${y}h${end - x}v1H${x}z`;
      x = end;
    }
  });
  return (
    <svg class="qr" role="img" aria-label={label} viewBox={`0 0 ${size} ${size}`} shape-rendering="crispEdges">
      <rect width={size} height={size} fill="#fff" />
      <path fill="#000" d={path} />
    </svg>
  );
};
