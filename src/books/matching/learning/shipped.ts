/** Made by `KULANZ_TRAIN=1 npx vitest run test/books/matching-model.test.ts`; not edited by hand. */
import type { MatchModel } from "./model.ts";

export const SHIPPED: MatchModel = {
  version: "shipped-1",
  features: 1,
  weights: [
    0.4821, 6.6036, 3.76, 0.0463, 3.5006, 0.9326, 0, 0.6549, 0.4578, -1.1837, -1.5639, 1.0736, 3.3513, 3.6196, -3.6815,
    -3.881, 0, 4.9955, 1.123, 4.957, 1.1451, 0.7435, -6.4571, -0.983, -1.7267, -0.3179,
  ],
  calibration: {
    from: [0.000056, 0.002018, 0.014884, 0.075219, 0.212263, 0.82312, 0.926962, 0.982541, 0.997989, 0.99999],
    to: [0, 0.00025, 0.006272, 0.063786, 0.083411, 0.370087, 0.910664, 0.999747, 0.999862, 1],
  },
};
