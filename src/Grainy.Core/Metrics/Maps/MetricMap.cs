using Grainy.Core.Images;

namespace Grainy.Core.Metrics.Maps;

/// <summary>Where two images differ, according to a metric: for every pixel a number that is 0 where nothing differs.</summary>
/// <param name="Metric">Name of the metric.</param>
/// <param name="Sum">One channel, as large as the images. LPIPS and E-LPIPS: local distance; PSNR: squared error; SSIM: 1 − local similarity.</param>
/// <param name="Layers">
/// The layers that <paramref name="Sum"/> is the sum of; empty for PSNR and SSIM, and for images above <see cref="MetricMaps.MostLayerPixels"/>.
/// </param>
/// <param name="Mean">
/// Of <paramref name="Sum"/>. PSNR: exactly 10^(−value / 10). SSIM: 1 − value, with the border of 5 pixels, where the window does not fit, left out. LPIPS: the
/// value within 2 %, because coarse layers are interpolated. E-LPIPS: within 5 %, because mirrored margins count for the value but lie outside of the picture.
/// </param>
/// <param name="Value">What the metric says; for E-LPIPS over the same samples that made the map.</param>
/// <param name="Fingerprint">All that the map depends on besides the images.</param>
public sealed record MetricMap(
    string Metric, ImageBuffer Sum, IReadOnlyList<MetricMapLayer> Layers, double Mean, double Value, string Fingerprint);
