using Grainy.Contracts;
using Grainy.Contracts.Blending;
using Grainy.Contracts.Datasets;
using Grainy.Contracts.Jobs;
using Grainy.Contracts.Metrics;

namespace Grainy.Web.Shared;

/// <summary>Where the browser fetches pixels: always by HTTP, never through the circuit. A hash in the address makes the answer cacheable for ever.</summary>
internal static class ImageUrls
{
    /// <summary>The longest side that previews come in.</summary>
    public const int Full = 2048;

    public static string Upload(DatasetId dataset) => $"/api/v1/datasets/{dataset}/images";

    public static string Preview(DatasetId dataset, ImageInfo image, int side) =>
        $"/api/v1/datasets/{dataset}/images/{image.Id}/preview/{side}.png?v={image.Pixels.Sha256}";

    public static string Download(ImageRef image, string format) => $"/api/v1/datasets/{image.Dataset}/images/{image.Image}/download?format={format}";

    /// <summary>A trained model as a file for the command line.</summary>
    public static string Model(ModelId model) => $"/api/v1/models/{model}/file";

    public static string Results(JobId job) => $"/api/v1/jobs/{job}/results";

    public static string Preview(JobId job, JobPreview preview) => $"/api/v1/jobs/{job}/previews/{preview.Png.Sha256}.png";

    public static string Doubt(JobId job, int index, BlobRef content, string format) => $"/api/v1/jobs/{job}/doubt/{index}.{format}?v={content.Sha256}";

    /// <summary>What denoising took out of an image.</summary>
    /// <param name="reach">The difference that is drawn white.</param>
    public static string Residual(JobId job, int index, double reach, ImageInfo denoised, int side) => string.Create(
        System.Globalization.CultureInfo.InvariantCulture, $"/api/v1/jobs/{job}/residual/{index}/{side}.png?reach={reach:G6}&v={denoised.Pixels.Sha256}");

    public static string Frame(BlendId blend, BlendFrame frame) => $"/api/v1/blends/{blend}/frames/{frame.Index}/{frame.Png.Sha256}.png";

    /// <summary>An image of a comparison by its place: the same address for members and for guests.</summary>
    public static string Of(ComparisonId comparison, int place, ImageInfo image, int side) =>
        $"/api/v1/comparisons/{comparison}/images/{place}/{side}.png?v={image.Pixels.Sha256}";

    /// <summary>The colours of all maps, from none to the most.</summary>
    public const string ColourMap = "/api/v1/colour-map.png";

    public static string Map(ComparisonId comparison, ComparisonMap map, int layer, BlobRef content, string format) =>
        $"/api/v1/comparisons/{comparison}/maps/{map.Pair}/{map.Metric}/{layer}.{format}?v={content.Sha256}";

    public static string Scores(ComparisonId comparison, string format) => $"/api/v1/comparisons/{comparison}/scores.{format}";

    /// <summary>An image of a blend by its place.</summary>
    public static string Of(BlendSnapshot blend, int place, int side) => $"/api/v1/blends/{blend.Id}/images/{place}/{side}.png?v={blend.Infos[place].Pixels.Sha256}";

    /// <summary>An image as it would be blended.</summary>
    public static string Fitted(IReadOnlyList<ImageRef> images, ImageFitting fitting, int place, int side) =>
        $"/api/v1/blend-inputs/{fitting.ToString().ToLowerInvariant()}/{place}/{side}.png?images={BlendAddress.List(images)}";

    public static string Export(BlendId blend, string format) => $"/api/v1/blends/{blend}/export.{format}";
}
