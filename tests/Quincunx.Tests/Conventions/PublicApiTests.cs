using System.Reflection;
using System.Text;
using Quincunx.Tests.Golden;

namespace Quincunx.Tests.Conventions;

public sealed class PublicApiTests
{
    [Theory]
    [InlineData("Quincunx.Numerics")]
    [InlineData("Quincunx.Inference")]
    [InlineData("Quincunx.Physics")]
    [InlineData("Quincunx.Runs")]
    public void Assembly_PublicMembers_AreTheApprovedOnes(string assembly) =>
        GoldenFile.AssertMatches($"api/{assembly}.txt", Describe(Assembly.Load(assembly)));

    private static string Describe(Assembly assembly)
    {
        var text = new StringBuilder();
        foreach (Type type in assembly.GetExportedTypes().OrderBy(t => t.FullName, StringComparer.Ordinal))
        {
            text.Append(type.FullName).Append('\n');
            const BindingFlags Own = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
            IEnumerable<string> members = type.GetMembers(Own)
                .Where(m => m is not MethodBase { IsSpecialName: true } || m is ConstructorInfo || m.Name.StartsWith("op_", StringComparison.Ordinal))
                .Where(m => !m.Name.Contains('<', StringComparison.Ordinal) && m is not Type)
                .Select(m => $"    {m.MemberType} {m}")
                .Order(StringComparer.Ordinal);
            foreach (string member in members)
            {
                text.Append(member).Append('\n');
            }
        }

        return text.ToString();
    }
}
