using Grainy.Contracts;
using Grainy.Contracts.Blending;
using Grainy.Contracts.Datasets;
using Grainy.Host.Exports;
using Grainy.Web.Cluster;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

namespace Grainy.Host.Tests;

public sealed class BlendExportTests
{
    private const string Missing = "MP4 needs a program that is not there.";

    [Theory]
    [InlineData("mp4", 3, 8, Missing)]
    [InlineData("mp4", 2, 8, "An animation needs a frame between the images; none is computed yet.")]
    [InlineData("webp", 3, 99, "An animation has 1 to 30 frames per second.")]
    [InlineData("zip", 0, 8, "This blend has no finished frames yet.")]
    public async Task What_cannot_be_made_should_be_refused_with_its_reason(string format, int frames, double fps, string reason)
    {
        // It refuses before it touches any blob or file.
        var exports = new BlendExports(null!, null!, Options.Create(new JsonOptions()), new ServerAbilities(Missing));

        var answer = await exports.AnswerAsync(new DefaultHttpContext(), Blend(frames), format, fps, bounce: true);

        var problem = answer.ShouldBeOfType<ProblemHttpResult>();
        (problem.StatusCode, problem.ProblemDetails.Detail).ShouldBe((StatusCodes.Status400BadRequest, reason));
    }

    private static BlendSnapshot Blend(int frames)
    {
        var blob = new BlobRef(new string('a', 64), 1, "image/png");
        var image = new ImageRef(DatasetId.New(), ImageId.New());
        return new BlendSnapshot
        {
            Id = BlendId.New(),
            Workspace = WorkspaceId.Main,
            Left = image,
            Right = image,
            LeftInfo = null!,
            RightInfo = null!,
            Infos = [null!, null!],
            Settings = new BlendSettings(),
            Frames = [.. Enumerable.Range(0, frames).Select(i => new BlendFrame(i, i / 2.0, 0, 0, blob, blob, Final: true))],
        };
    }
}
