using Grainy.Contracts;
using Grainy.Contracts.Datasets;
using Grainy.Contracts.Metrics;
using Grainy.Web.Shared.ImageViewer;

namespace Grainy.Web.Shared;

/// <summary>The pictures of a comparison as viewers take them: the same addresses for members and for guests.</summary>
internal static class ComparisonSides
{
    private const int First = 1024;

    public static ViewerSide LeftSide(this ComparisonSnapshot comparison) => Side(comparison.Id, 0, comparison.LeftInfo);

    public static ViewerSide RightSide(this ComparisonSnapshot comparison) => Side(comparison.Id, 1, comparison.RightInfo);

    /// <summary>Any image of a comparison.</summary>
    public static ViewerSide Side(ComparisonId comparison, int place, ImageInfo image) =>
        new(image.Name, ImageUrls.Of(comparison, place, image, First), ImageUrls.Of(comparison, place, image, ImageUrls.Full));
}
