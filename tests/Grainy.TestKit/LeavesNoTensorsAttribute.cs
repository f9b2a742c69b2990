using System.Reflection;
using Shouldly;
using TorchSharp;
using Xunit.v3;

namespace Grainy.TestKit;

/// <summary>
/// Fails the test when it leaves live tensors behind on its thread. The count is kept per thread: the test must be synchronous, because a test that goes on
/// after an <c>await</c> on another thread passes blindly.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class LeavesNoTensorsAttribute : BeforeAfterTestAttribute
{
    public override void Before(MethodInfo methodUnderTest, IXunitTest test)
    {
        typeof(Task).IsAssignableFrom(methodUnderTest.ReturnType).ShouldBeFalse("a test that counts tensors must be synchronous");
        DisposeScopeManager.Statistics.Reset();
    }

    public override void After(MethodInfo methodUnderTest, IXunitTest test) =>
        DisposeScopeManager.Statistics.ThreadTotalLiveCount.ShouldBe(0, "live tensors after the test");
}
